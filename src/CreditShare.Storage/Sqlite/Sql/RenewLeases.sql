UPDATE subscription SET lease_until = ?2 WHERE node = ?1 RETURNING partner, id, fence
