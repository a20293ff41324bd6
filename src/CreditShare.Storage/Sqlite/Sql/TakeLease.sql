UPDATE subscription SET node = ?2, lease_until = ?3, fence = fence + 1 WHERE number = ?1
