DELETE FROM rejected_change AS r
USING unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS n (subscription, listing, version)
WHERE r.subscription = n.subscription AND r.listing = n.listing AND r.version <= n.version
