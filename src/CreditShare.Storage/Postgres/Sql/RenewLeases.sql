WITH held AS (SELECT number FROM subscription WHERE node = $1 AND purged_at IS NULL ORDER BY number FOR NO KEY UPDATE)
UPDATE subscription AS s
SET lease_until = clock_timestamp() + $2::interval
FROM held
WHERE s.number = held.number
RETURNING s.partner, s.id, s.fence
