INSERT INTO disclosure (partner, answer, purpose, reference, operator, at, epoch, sequence)
SELECT *
FROM unnest(
    $1::text[], $2::uuid[], $3::smallint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[])
ON CONFLICT DO NOTHING
