INSERT INTO delivery_attempt (
    subscription, at, purpose, lane, epoch, sent_from, sent_to, outcome, latency, status, error, accepted, applied)
SELECT *
FROM unnest(
    $1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::smallint[], $9::bigint[],
    $10::text[], $11::bytea[], $12::bigint[], $13::bigint[])
