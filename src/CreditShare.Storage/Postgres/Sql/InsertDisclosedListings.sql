INSERT INTO disclosed_listing (partner, answer, position, listing, court, version, verdict, document)
SELECT *
FROM unnest(
    $1::text[], $2::uuid[], $3::integer[], $4::uuid[], $5::text[], $6::bigint[], $7::smallint[], $8::bytea[])
ON CONFLICT DO NOTHING
