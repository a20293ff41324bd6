INSERT INTO request (partner, id, digest, listing, version, epoch, sequence, recorded_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
