SELECT partner, purpose, count FROM not_listed_count WHERE day = $1 ORDER BY partner, purpose
