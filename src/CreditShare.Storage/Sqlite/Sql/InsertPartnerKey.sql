INSERT INTO partner_key (spki_sha256, partner) VALUES (?1, ?2)
