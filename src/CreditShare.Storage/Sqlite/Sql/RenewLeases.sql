UPDATE subscription SET lease_until = ?2 WHERE node = ?1 AND purged_at IS NULL RETURNING partner, id, fence
