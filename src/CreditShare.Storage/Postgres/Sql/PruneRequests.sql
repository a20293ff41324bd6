DELETE FROM request
WHERE (partner, id) IN (SELECT partner, id FROM request WHERE recorded_at < $1 ORDER BY recorded_at LIMIT $2)
