SELECT state > 2 OR (state = 2 AND last_day IS NOT NULL AND last_day < ?2) FROM listing WHERE id = ?1
