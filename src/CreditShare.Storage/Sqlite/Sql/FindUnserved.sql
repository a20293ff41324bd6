SELECT id, court, version, unserved_since
FROM listing
WHERE state = 2 AND unserved_since < ?1
ORDER BY unserved_since, id
LIMIT ?2
