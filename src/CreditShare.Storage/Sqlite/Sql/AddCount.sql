INSERT INTO not_listed_count (day, partner, purpose, count)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (day, partner, purpose) DO UPDATE SET count = count + excluded.count
