-- Pushed, not paused (7), not purged, and held by nobody. One that somebody is writing is left for the next time.
UPDATE subscription
SET node = $1, lease_until = clock_timestamp() + $3::interval, fence = fence + 1
WHERE number IN (
    SELECT number
    FROM subscription
    WHERE is_pushed AND state <> 7 AND purged_at IS NULL AND (lease_until IS NULL OR lease_until <= clock_timestamp())
    ORDER BY number
    LIMIT $2
    FOR NO KEY UPDATE SKIP LOCKED)
RETURNING number
