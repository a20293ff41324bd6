-- The owner's hand: it ends the lease, and nobody writes under the old fence any more.
UPDATE subscription
SET revision = revision + 1, state = ?3, state_since = ?4, purged_at = ?5, is_pushed = ?6, body = ?7,
    fence = fence + 1, node = NULL, lease_until = NULL
WHERE partner = ?1 AND id = ?2 AND revision = ?8
RETURNING number
