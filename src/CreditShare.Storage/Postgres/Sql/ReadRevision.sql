SELECT revision FROM registry_revision WHERE id = 1
