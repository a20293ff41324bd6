DELETE FROM delivery_attempt
WHERE (subscription, number) IN (SELECT subscription, number FROM delivery_attempt WHERE at < $1 ORDER BY at LIMIT $2)
