INSERT INTO court (code, name, level, parent, valid_from, valid_to)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name,
    level = excluded.level,
    parent = excluded.parent,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to
