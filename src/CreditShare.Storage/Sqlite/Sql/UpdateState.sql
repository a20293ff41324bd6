UPDATE subscription
SET state = coalesce(?2, state), state_since = coalesce(?3, state_since), purged_at = coalesce(?4, purged_at)
WHERE number = ?1
