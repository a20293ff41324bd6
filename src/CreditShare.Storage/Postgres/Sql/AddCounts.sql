INSERT INTO not_listed_count (day, partner, purpose, count)
SELECT day, partner, purpose, sum(count)
FROM unnest($1::date[], $2::text[], $3::smallint[], $4::bigint[]) AS c (day, partner, purpose, count)
GROUP BY day, partner, purpose
ORDER BY day, partner, purpose
ON CONFLICT (day, partner, purpose) DO UPDATE SET count = not_listed_count.count + excluded.count
