INSERT INTO change (
    sequence, epoch, kind, listing, version, court, subject_kind, recorded_at, partner, keys_before, keys_after, operator, body, hash)
SELECT *
FROM unnest(
    $1::bigint[], $2::bigint[], $3::smallint[], $4::uuid[], $5::bigint[], $6::text[], $7::smallint[], $8::bigint[], $9::text[],
    $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[], $14::bytea[])
