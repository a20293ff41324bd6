SELECT sequence FROM change WHERE sequence >= $1 AND recorded_at >= $2 ORDER BY sequence LIMIT 1
