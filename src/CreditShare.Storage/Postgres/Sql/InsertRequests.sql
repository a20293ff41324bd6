INSERT INTO request (partner, id, digest, listing, version, epoch, sequence, recorded_at)
SELECT *
FROM unnest(
    $1::text[], $2::uuid[], $3::bytea[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
