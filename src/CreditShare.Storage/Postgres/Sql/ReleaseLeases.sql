WITH held AS (SELECT number FROM subscription WHERE node = $1 ORDER BY number FOR NO KEY UPDATE)
UPDATE subscription AS s
SET node = NULL, lease_until = NULL
FROM held
WHERE s.number = held.number
