INSERT INTO feed_reader (partner, first_at, last_at, first_sequence, last_sequence)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (partner) DO UPDATE SET
    first_at = min(first_at, excluded.first_at),
    last_at = max(last_at, excluded.last_at),
    first_sequence = min(first_sequence, excluded.first_sequence),
    last_sequence = max(last_sequence, excluded.last_sequence)
