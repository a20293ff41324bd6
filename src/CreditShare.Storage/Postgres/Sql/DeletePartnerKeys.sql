DELETE FROM partner_key WHERE partner = $1
