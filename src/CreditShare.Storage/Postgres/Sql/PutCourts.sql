INSERT INTO court (code, name, level, parent, valid_from, valid_to)
SELECT *
FROM unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::date[], $6::date[])
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name,
    level = excluded.level,
    parent = excluded.parent,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to
