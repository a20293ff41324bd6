SELECT id FROM listing WHERE id = ANY ($1) AND (state > 2 OR (state = 2 AND last_day < $2))
