INSERT INTO listing (
    id, court, region, state, version, sequence, subject_kind, case_key, name_key, name_year_key,
    last_day, grace_until, barred_until, wrapped_key, unserved_since)
SELECT *
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::bytea[], $9::bytea[],
    $10::bytea[], $11::date[], $12::date[], $13::date[], $14::bytea[],
    $15::date[])
ON CONFLICT (id) DO UPDATE SET
    state = excluded.state,
    version = excluded.version,
    sequence = excluded.sequence,
    name_key = excluded.name_key,
    name_year_key = excluded.name_year_key,
    last_day = excluded.last_day,
    grace_until = excluded.grace_until,
    barred_until = excluded.barred_until,
    unserved_since = excluded.unserved_since
