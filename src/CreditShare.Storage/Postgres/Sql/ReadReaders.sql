SELECT partner, first_at, last_at, first_sequence, last_sequence FROM feed_reader ORDER BY partner
