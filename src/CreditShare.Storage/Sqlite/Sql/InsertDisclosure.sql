INSERT INTO disclosure (partner, answer, purpose, reference, operator, at, epoch, sequence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT DO NOTHING
