SELECT count(*) FROM partner_key WHERE spki_sha256 = ANY ($1) AND partner <> $2
