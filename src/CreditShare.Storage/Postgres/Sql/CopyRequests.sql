COPY request (partner, id, digest, listing, version, epoch, sequence, recorded_at)
FROM STDIN (FORMAT BINARY)
