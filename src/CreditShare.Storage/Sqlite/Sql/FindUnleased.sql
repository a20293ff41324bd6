-- Pushed, not paused (7), not purged, and held by nobody at ?1.
SELECT number, partner, id
FROM subscription
WHERE is_pushed = 1 AND state <> 7 AND purged_at IS NULL AND (lease_until IS NULL OR lease_until <= ?1)
ORDER BY number
LIMIT ?2
