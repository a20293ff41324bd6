SELECT revision FROM partner WHERE id = $1
