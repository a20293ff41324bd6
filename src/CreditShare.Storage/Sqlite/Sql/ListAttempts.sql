SELECT
    a.number, a.at, a.purpose, a.lane, a.epoch, a.sent_from, a.sent_to, a.outcome, a.latency, a.status, a.error, a.accepted, a.applied
FROM subscription AS s
JOIN delivery_attempt AS a ON a.subscription = s.number
WHERE s.partner = ?1 AND s.id = ?2 AND a.number < ?3
ORDER BY a.number DESC
LIMIT ?4
