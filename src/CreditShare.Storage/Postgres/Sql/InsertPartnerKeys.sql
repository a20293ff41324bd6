INSERT INTO partner_key (spki_sha256, partner) SELECT k, $2 FROM unnest($1::text[]) AS k
