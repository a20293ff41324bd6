SELECT r.partner, r.id, r.digest, r.listing, r.version, r.epoch, r.sequence
FROM unnest($1::text[], $2::uuid[]) AS k (partner, id)
JOIN request AS r ON r.partner = k.partner AND r.id = k.id
