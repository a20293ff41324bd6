INSERT INTO listing (
    id, court, region, state, version, sequence, subject_kind, case_key, name_key, name_year_key,
    last_day, grace_until, barred_until, wrapped_key, unserved_since)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
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
