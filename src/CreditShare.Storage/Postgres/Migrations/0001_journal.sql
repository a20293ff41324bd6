-- The tables of CreditShare in PostgreSQL.
--
-- Three of them are the truth: journal_head, journal_epoch and change. A change is one entry of the journal; its body holds the full
-- listing after it, sealed under the listing's own key, and its hash chains it to the one before. Changes are only ever appended, by
-- whoever holds the lock on the one row of journal_head; so they are numbered without a gap and become visible in that order.
-- The tables listing and document are the fold of the journal, written in the same transaction, so that questions need not read it:
-- listing holds where each listing stands and points to the change that holds its content (sequence); document tells which listings
-- name an identity document. A row of document stays when the listing ends or drops the document (named, active), because the bar on
-- listing again (Provisions Art. 10(4)) asks for it. The table request keeps the answers to commands for a month, so that a
-- repeated command is answered and not carried out again.
--
-- Nothing here holds an identity number, a name or free text in clear. What must be found is a keyed hash of 16 bytes (lookup_key,
-- case_key, name_key, digest, document); what must be read is sealed with AES-256-GCM (body, sealed, operator, reference), and is
-- therefore never compressed. Instants are milliseconds since 1970 in UTC.

CREATE TABLE meta (
    name text PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE journal_head (
    id smallint PRIMARY KEY CHECK (id = 1),
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 10);

INSERT INTO journal_head (id, epoch, sequence, hash) VALUES (1, 1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE journal_epoch (
    epoch bigint PRIMARY KEY,
    first_sequence bigint NOT NULL,
    hash_before bytea NOT NULL
);

INSERT INTO journal_epoch (epoch, first_sequence, hash_before) VALUES (1, 1, decode(repeat('00', 32), 'hex'));

CREATE TABLE change (
    sequence bigint PRIMARY KEY,
    epoch bigint NOT NULL,
    kind smallint NOT NULL,
    listing uuid NOT NULL,
    version bigint NOT NULL,
    court text NOT NULL,
    subject_kind smallint NOT NULL,
    recorded_at bigint NOT NULL,
    partner text NOT NULL,
    keys_before bytea NOT NULL,
    keys_after bytea NOT NULL,
    operator bytea NOT NULL,
    body bytea NOT NULL,
    hash bytea NOT NULL
);

ALTER TABLE change
    ALTER COLUMN keys_before SET STORAGE EXTERNAL,
    ALTER COLUMN keys_after SET STORAGE EXTERNAL,
    ALTER COLUMN operator SET STORAGE EXTERNAL,
    ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX change_of_listing ON change (listing, version);

CREATE TABLE listing (
    id uuid PRIMARY KEY,
    court text NOT NULL,
    region text NOT NULL,
    state smallint NOT NULL,
    version bigint NOT NULL,
    sequence bigint NOT NULL,
    subject_kind smallint NOT NULL,
    case_key bytea NOT NULL,
    name_key bytea NOT NULL,
    name_year_key bytea,
    last_day date,
    grace_until date,
    barred_until date,
    wrapped_key bytea NOT NULL
);

CREATE INDEX listing_of_court ON listing (court, id);
CREATE INDEX listing_by_name ON listing (name_key) WHERE state = 2;
CREATE INDEX listing_by_last_day ON listing (last_day) WHERE state = 2 AND last_day IS NOT NULL;
CREATE INDEX listing_by_grace ON listing (grace_until) WHERE state = 1;

CREATE TABLE document (
    lookup_key bytea NOT NULL,
    listing uuid NOT NULL,
    sealed bytea NOT NULL,
    named boolean NOT NULL,
    active boolean NOT NULL,
    PRIMARY KEY (lookup_key, listing)
);

CREATE TABLE request (
    partner text NOT NULL,
    id uuid NOT NULL,
    digest bytea NOT NULL,
    listing uuid NOT NULL,
    version bigint NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    recorded_at bigint NOT NULL,
    PRIMARY KEY (partner, id)
);

CREATE INDEX request_by_age ON request (recorded_at);

-- What was disclosed: one row an answer, one row a listing that it gave away.
CREATE TABLE disclosure (
    partner text NOT NULL,
    answer uuid NOT NULL,
    purpose smallint NOT NULL,
    reference bytea NOT NULL,
    operator bytea NOT NULL,
    at bigint NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (partner, answer)
);

ALTER TABLE disclosure
    ALTER COLUMN reference SET STORAGE EXTERNAL,
    ALTER COLUMN operator SET STORAGE EXTERNAL;

CREATE TABLE disclosed_listing (
    partner text NOT NULL,
    answer uuid NOT NULL,
    position integer NOT NULL,
    listing uuid NOT NULL,
    court text NOT NULL,
    version bigint NOT NULL,
    verdict smallint NOT NULL,
    document bytea,
    PRIMARY KEY (partner, answer, position)
);

CREATE INDEX disclosed_listing_by_listing ON disclosed_listing (listing, version);
CREATE INDEX disclosed_listing_by_document ON disclosed_listing (document) WHERE document IS NOT NULL;

-- How often a partner was told that somebody is not listed; who that was is not kept.
CREATE TABLE not_listed_count (
    day date NOT NULL,
    partner text NOT NULL,
    purpose smallint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (day, partner, purpose)
);

-- The nodes that answer lookups, and how far each has applied the journal. Rewritten twice a second.
CREATE TABLE node (
    id uuid PRIMARY KEY,
    epoch bigint NOT NULL,
    applied bigint NOT NULL,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 10);

-- Partners and courts are small: each node holds them in memory and asks only for the revision.
CREATE TABLE registry_revision (
    id smallint PRIMARY KEY CHECK (id = 1),
    revision bigint NOT NULL
);

INSERT INTO registry_revision (id, revision) VALUES (1, 0);

CREATE TABLE partner (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    body text NOT NULL
);

CREATE TABLE partner_key (
    spki_sha256 text PRIMARY KEY,
    partner text NOT NULL
);

CREATE INDEX partner_key_of_partner ON partner_key (partner);

CREATE TABLE court (
    code text PRIMARY KEY,
    name text NOT NULL,
    level smallint NOT NULL,
    parent text,
    valid_from date,
    valid_to date
);
