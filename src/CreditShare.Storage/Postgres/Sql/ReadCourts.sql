SELECT code, name, level, parent, valid_from, valid_to FROM court ORDER BY code COLLATE "C"
