COPY listing (
    id, court, region, state, version, sequence, subject_kind, case_key, name_key, name_year_key,
    last_day, grace_until, barred_until, wrapped_key, unserved_since)
FROM STDIN (FORMAT BINARY)
