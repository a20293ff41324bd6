INSERT INTO disclosed_listing (partner, answer, position, listing, court, version, verdict, document)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT DO NOTHING
