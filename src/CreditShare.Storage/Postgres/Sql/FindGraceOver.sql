SELECT id, court, version, grace_until
FROM listing
WHERE state = 1 AND grace_until < $1
ORDER BY grace_until, id
LIMIT $2
