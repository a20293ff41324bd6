SELECT r.sequence, r.listing, r.version, r.is_withdrawal, r.reason, r.at
FROM subscription AS s
JOIN rejected_change AS r ON r.subscription = s.number
WHERE s.partner = $1 AND s.id = $2
ORDER BY r.sequence
LIMIT $3
