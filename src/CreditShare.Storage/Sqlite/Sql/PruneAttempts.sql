DELETE FROM delivery_attempt
WHERE number IN (SELECT number FROM delivery_attempt WHERE at < ?1 ORDER BY at LIMIT ?2)
RETURNING 1
