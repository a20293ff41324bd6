UPDATE subscription SET node = NULL, lease_until = NULL WHERE node = ?1
