INSERT INTO node (id, epoch, applied, seen_at)
VALUES ($1, $2, $3, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, applied = excluded.applied, seen_at = excluded.seen_at
