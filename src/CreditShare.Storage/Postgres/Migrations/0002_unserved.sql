-- unserved_since: the day of a decision whose service its court has not stated (Provisions Art. 5); null once it has. The content is
-- sealed, so that nobody could look for such listings in it. A listing that was written before has null until its next change.
ALTER TABLE listing ADD COLUMN unserved_since date;

CREATE INDEX listing_by_unserved ON listing (unserved_since) WHERE state = 2 AND unserved_since IS NOT NULL;
