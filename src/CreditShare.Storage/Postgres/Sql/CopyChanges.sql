COPY change (
    sequence, epoch, kind, listing, version, court, subject_kind, recorded_at, partner, keys_before, keys_after, operator, body, hash)
FROM STDIN (FORMAT BINARY)
