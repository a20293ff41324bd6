-- One row a lane that carries the change: the ordered one, and for a withdrawal (kinds 4 to 6) the other too. Nothing that was sent
-- before the change was recorded can have carried it; a minute is allowed for clocks that differ. On a lane one message is sent at a
-- time, so the first that began is the first that was answered. Outcomes 8 and 9 are no messages of ours.
SELECT
    s.partner,
    s.id,
    (SELECT a.at
        FROM delivery_attempt AS a
        WHERE a.subscription = s.number AND a.at >= c.recorded_at - 60000 AND a.lane = l.lane AND a.purpose = 1
            AND a.outcome NOT IN (8, 9) AND a.sent_from < c.sequence AND a.sent_to >= c.sequence
        ORDER BY a.at
        LIMIT 1),
    (SELECT a.at + a.latency / 1000
        FROM delivery_attempt AS a
        WHERE a.subscription = s.number AND a.at >= c.recorded_at - 60000 AND a.lane = l.lane AND a.purpose = 1
            AND a.accepted >= c.sequence
        ORDER BY a.at
        LIMIT 1),
    (SELECT a.at + a.latency / 1000
        FROM delivery_attempt AS a
        WHERE a.subscription = s.number AND a.at >= c.recorded_at - 60000 AND a.lane = l.lane AND a.purpose = 1
            AND a.applied >= c.sequence
        ORDER BY a.at
        LIMIT 1)
FROM subscription AS s
JOIN subscription_lane AS l ON l.subscription = s.number
LEFT JOIN change AS c ON c.sequence = $1
WHERE l.lane = 1 OR c.kind IN (4, 5, 6)
ORDER BY s.partner, s.id, l.lane
