-- Rows of document in the order of their arrival, and their keys in an index of their own.
--
-- A lookup key is as good as random. While the rows lay in its order, each commit of an import wrote nearly every page of the table,
-- sealed numbers included; now it appends the rows, and spreads the short entries of the index only.

ALTER TABLE document RENAME TO document_by_key;

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    lookup_key BLOB NOT NULL,
    listing BLOB NOT NULL,
    sealed BLOB NOT NULL,
    named INTEGER NOT NULL,
    active INTEGER NOT NULL
) STRICT;

INSERT INTO document (lookup_key, listing, sealed, named, active)
SELECT d.lookup_key, d.listing, d.sealed, d.named, d.active
FROM document_by_key AS d
JOIN listing AS l ON l.id = d.listing
ORDER BY l.sequence, d.lookup_key;

DROP TABLE document_by_key;

CREATE UNIQUE INDEX document_by_key ON document (lookup_key, listing);
