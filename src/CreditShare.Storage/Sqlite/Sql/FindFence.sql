SELECT number, fence FROM subscription WHERE partner = ?1 AND id = ?2
