SELECT digest, listing, version, epoch, sequence FROM request WHERE partner = ?1 AND id = ?2
