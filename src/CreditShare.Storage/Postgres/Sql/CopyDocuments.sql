COPY document (lookup_key, listing, sealed, named, active)
FROM STDIN (FORMAT BINARY)
