SELECT body, revision FROM partner ORDER BY id COLLATE "C"
