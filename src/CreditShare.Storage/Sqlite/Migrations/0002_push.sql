-- Push: who wishes to be sent changes, how far each is, and what was tried.
--
-- A row of subscription is a partner's wish. What the wish says stands in body, sealed whole, because an endpoint's address may hold a
-- secret as well as the secrets do; outside of it stands only what statements ask for. A subscription has two rows of
-- subscription_lane: the cursors, and what the next attempt waits for. Whoever delivers holds the lease (node, lease_until); fence
-- grows with each lease and with each change by the owner, and a cursor is written only under the present fence. Each message that was
-- sent is a row of delivery_attempt; they are pruned by age. A change that a receiver would not take is a row of rejected_change until
-- it or a newer version is accepted. A row of measure is what a partner did because of a listing; feed_reader tells who reads the feed
-- without a subscription, so that a withdrawal's way can be followed to them too.
--
-- Texts of partners are sealed (body, error, reason), and so are a measure's reference, operator and note (body), because any of them
-- may name a person; a reference is found by a keyed hash (reference_key). Units are those of the tables before: instants are
-- milliseconds since 1970 in UTC, and latencies microseconds.

CREATE TABLE subscription (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    partner TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state INTEGER NOT NULL,
    state_since INTEGER NOT NULL,
    purged_at INTEGER,
    is_pushed INTEGER NOT NULL,
    body BLOB NOT NULL,
    fence INTEGER NOT NULL,
    node BLOB,
    lease_until INTEGER
) STRICT;

CREATE UNIQUE INDEX subscription_of_partner ON subscription (partner, id);

CREATE TABLE subscription_lane (
    subscription INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    hash BLOB NOT NULL,
    applied INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    failing_since INTEGER,
    next_attempt_at INTEGER,
    pending_to INTEGER,
    error BLOB,
    PRIMARY KEY (subscription, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_attempt (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL,
    at INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    sent_from INTEGER NOT NULL,
    sent_to INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    latency INTEGER NOT NULL,
    status TEXT NOT NULL,
    error BLOB,
    accepted INTEGER NOT NULL,
    applied INTEGER NOT NULL
) STRICT;

CREATE INDEX delivery_attempt_of_subscription ON delivery_attempt (subscription, number);
CREATE INDEX delivery_attempt_of_subscription_by_age ON delivery_attempt (subscription, at);
CREATE INDEX delivery_attempt_by_age ON delivery_attempt (at);

CREATE TABLE rejected_change (
    subscription INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    listing BLOB NOT NULL,
    version INTEGER NOT NULL,
    is_withdrawal INTEGER NOT NULL,
    reason BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (subscription, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX rejected_change_of_listing ON rejected_change (subscription, listing);

CREATE TABLE measure (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    partner TEXT NOT NULL,
    reference_key BLOB NOT NULL,
    listing BLOB NOT NULL,
    court TEXT NOT NULL,
    listing_version INTEGER NOT NULL,
    code TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    applied_at INTEGER NOT NULL,
    lifted_at INTEGER,
    is_stale_copy INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX measure_by_reference ON measure (partner, reference_key);
CREATE INDEX measure_of_partner ON measure (partner, number);
CREATE INDEX measure_of_listing ON measure (listing, number);
CREATE INDEX measure_of_court ON measure (court, number);

CREATE TABLE feed_reader (
    partner TEXT PRIMARY KEY,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Withdrawals, revocations and expiries: few among the changes, and sent ahead of them.
CREATE INDEX change_withdrawal ON change (sequence) WHERE kind IN (4, 5, 6);
