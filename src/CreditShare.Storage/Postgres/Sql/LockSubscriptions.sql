-- In the order of their numbers, as everybody locks several of them. The other locks of a row's keys may stand beside this one.
SELECT s.partner, s.id, s.number, s.fence
FROM subscription AS s
JOIN unnest($1::text[], $2::text[]) AS k (partner, id) ON s.partner = k.partner AND s.id = k.id
ORDER BY s.number
FOR NO KEY UPDATE OF s
