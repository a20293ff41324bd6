-- The tables of CreditShare in SQLite.
--
-- Three of them are the truth: journal_head, journal_epoch and change. A change is one entry of the journal; its body holds the full
-- listing after it, sealed under the listing's own key, and its hash chains it to the one before. Changes are only ever appended.
-- The tables listing and document are the fold of the journal, written in the same transaction, so that questions need not read it:
-- listing holds where each listing stands and points to the change that holds its content (sequence); document tells which listings
-- name an identity document. A row of document stays when the listing ends or drops the document (named, active), because the bar on
-- listing again (Provisions Art. 10(4)) asks for it. The table request keeps the answers to commands for a month, so that a
-- repeated command is answered and not carried out again.
--
-- Nothing here holds an identity number, a name or free text in clear. What must be found is a keyed hash of 16 bytes (lookup_key,
-- case_key, name_key, digest, document); what must be read is sealed with AES-256-GCM (body, sealed, operator, reference). Days are
-- day numbers (0001-01-01 is 0), instants milliseconds since 1970 in UTC, ids the 16 bytes of a UUID in the order of its text.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

INSERT INTO journal_head (id, epoch, sequence, hash) VALUES (1, 1, 0, zeroblob(32));

CREATE TABLE journal_epoch (
    epoch INTEGER PRIMARY KEY,
    first_sequence INTEGER NOT NULL,
    hash_before BLOB NOT NULL
) STRICT;

INSERT INTO journal_epoch (epoch, first_sequence, hash_before) VALUES (1, 1, zeroblob(32));

CREATE TABLE change (
    sequence INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    listing BLOB NOT NULL,
    version INTEGER NOT NULL,
    court TEXT NOT NULL,
    subject_kind INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    partner TEXT NOT NULL,
    keys_before BLOB NOT NULL,
    keys_after BLOB NOT NULL,
    operator BLOB NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX change_of_listing ON change (listing, version);

CREATE TABLE listing (
    id BLOB PRIMARY KEY,
    court TEXT NOT NULL,
    region TEXT NOT NULL,
    state INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    subject_kind INTEGER NOT NULL,
    case_key BLOB NOT NULL,
    name_key BLOB NOT NULL,
    name_year_key BLOB,
    last_day INTEGER,
    grace_until INTEGER,
    barred_until INTEGER,
    wrapped_key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX listing_of_court ON listing (court, id);
CREATE INDEX listing_by_name ON listing (name_key) WHERE state = 2;
CREATE INDEX listing_by_last_day ON listing (last_day) WHERE state = 2 AND last_day IS NOT NULL;
CREATE INDEX listing_by_grace ON listing (grace_until) WHERE state = 1;

CREATE TABLE document (
    lookup_key BLOB NOT NULL,
    listing BLOB NOT NULL,
    sealed BLOB NOT NULL,
    named INTEGER NOT NULL,
    active INTEGER NOT NULL,
    PRIMARY KEY (lookup_key, listing)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
    partner TEXT NOT NULL,
    id BLOB NOT NULL,
    digest BLOB NOT NULL,
    listing BLOB NOT NULL,
    version INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (partner, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX request_by_age ON request (recorded_at);

-- What was disclosed: one row an answer, one row a listing that it gave away.
CREATE TABLE disclosure (
    partner TEXT NOT NULL,
    answer BLOB NOT NULL,
    purpose INTEGER NOT NULL,
    reference BLOB NOT NULL,
    operator BLOB NOT NULL,
    at INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (partner, answer)
) STRICT, WITHOUT ROWID;

CREATE TABLE disclosed_listing (
    partner TEXT NOT NULL,
    answer BLOB NOT NULL,
    position INTEGER NOT NULL,
    listing BLOB NOT NULL,
    court TEXT NOT NULL,
    version INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    document BLOB,
    PRIMARY KEY (partner, answer, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX disclosed_listing_by_listing ON disclosed_listing (listing, version);
CREATE INDEX disclosed_listing_by_document ON disclosed_listing (document) WHERE document IS NOT NULL;

-- How often a partner was told that somebody is not listed; who that was is not kept.
CREATE TABLE not_listed_count (
    day INTEGER NOT NULL,
    partner TEXT NOT NULL,
    purpose INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, partner, purpose)
) STRICT, WITHOUT ROWID;

-- Partners and courts are small: each node holds them in memory and asks only for the revision.
CREATE TABLE registry_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO registry_revision (id, revision) VALUES (1, 0);

CREATE TABLE partner (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE partner_key (
    spki_sha256 TEXT PRIMARY KEY,
    partner TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX partner_key_of_partner ON partner_key (partner);

CREATE TABLE court (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    level INTEGER NOT NULL,
    parent TEXT,
    valid_from INTEGER,
    valid_to INTEGER
) STRICT, WITHOUT ROWID;
