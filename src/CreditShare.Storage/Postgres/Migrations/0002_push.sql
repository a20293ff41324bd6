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
-- milliseconds since 1970 in UTC, and latencies microseconds; a lease is by the server's clock.

CREATE TABLE subscription (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partner text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    state smallint NOT NULL,
    state_since bigint NOT NULL,
    purged_at bigint,
    is_pushed boolean NOT NULL,
    body bytea NOT NULL,
    fence bigint NOT NULL,
    node uuid,
    lease_until timestamptz
) WITH (fillfactor = 50);

ALTER TABLE subscription ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX subscription_of_partner ON subscription (partner, id);

CREATE TABLE subscription_lane (
    subscription bigint NOT NULL,
    lane smallint NOT NULL,
    epoch bigint NOT NULL,
    accepted bigint NOT NULL,
    hash bytea NOT NULL,
    applied bigint NOT NULL,
    failures integer NOT NULL,
    failing_since bigint,
    next_attempt_at bigint,
    pending_to bigint,
    error bytea,
    PRIMARY KEY (subscription, lane)
) WITH (fillfactor = 10);

ALTER TABLE subscription_lane ALTER COLUMN error SET STORAGE EXTERNAL;

CREATE TABLE delivery_attempt (
    number bigint GENERATED ALWAYS AS IDENTITY,
    subscription bigint NOT NULL,
    at bigint NOT NULL,
    purpose smallint NOT NULL,
    lane smallint NOT NULL,
    epoch bigint NOT NULL,
    sent_from bigint NOT NULL,
    sent_to bigint NOT NULL,
    outcome smallint NOT NULL,
    latency bigint NOT NULL,
    status text NOT NULL,
    error bytea,
    accepted bigint NOT NULL,
    applied bigint NOT NULL,
    PRIMARY KEY (subscription, number)
);

ALTER TABLE delivery_attempt ALTER COLUMN error SET STORAGE EXTERNAL;

CREATE INDEX delivery_attempt_of_subscription_by_age ON delivery_attempt (subscription, at);
CREATE INDEX delivery_attempt_by_age ON delivery_attempt (at);

CREATE TABLE rejected_change (
    subscription bigint NOT NULL,
    sequence bigint NOT NULL,
    listing uuid NOT NULL,
    version bigint NOT NULL,
    is_withdrawal boolean NOT NULL,
    reason bytea NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (subscription, sequence)
);

ALTER TABLE rejected_change ALTER COLUMN reason SET STORAGE EXTERNAL;

CREATE INDEX rejected_change_of_listing ON rejected_change (subscription, listing);

CREATE TABLE measure (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partner text NOT NULL,
    reference_key bytea NOT NULL,
    listing uuid NOT NULL,
    court text NOT NULL,
    listing_version bigint NOT NULL,
    code text NOT NULL,
    outcome smallint NOT NULL,
    applied_at bigint NOT NULL,
    lifted_at bigint,
    is_stale_copy boolean NOT NULL,
    created_at bigint NOT NULL,
    body bytea NOT NULL
);

ALTER TABLE measure ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX measure_by_reference ON measure (partner, reference_key);
CREATE INDEX measure_of_partner ON measure (partner, number);
CREATE INDEX measure_of_listing ON measure (listing, number);
CREATE INDEX measure_of_court ON measure (court, number);

CREATE TABLE feed_reader (
    partner text PRIMARY KEY,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    first_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL
);

-- Withdrawals, revocations and expiries: few among the changes, and sent ahead of them.
CREATE INDEX change_withdrawal ON change (sequence) WHERE kind IN (4, 5, 6);
