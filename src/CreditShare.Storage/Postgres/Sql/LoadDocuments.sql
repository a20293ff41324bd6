SELECT lookup_key, listing, sealed FROM document WHERE active
