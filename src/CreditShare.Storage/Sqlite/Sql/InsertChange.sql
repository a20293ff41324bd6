INSERT INTO change (
    sequence, epoch, kind, listing, version, court, subject_kind, recorded_at, partner, keys_before, keys_after, operator, body, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
