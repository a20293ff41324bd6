DELETE FROM node WHERE id = $1 OR seen_at < clock_timestamp() - interval '1 hour'
