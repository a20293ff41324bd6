SELECT partner FROM partner_key WHERE spki_sha256 = ?1
