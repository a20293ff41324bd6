SELECT id, court, version, last_day
FROM listing
WHERE state = 2 AND last_day IS NOT NULL AND last_day < $1
ORDER BY last_day, id
LIMIT $2
