INSERT INTO delivery_attempt (
    subscription, at, purpose, lane, epoch, sent_from, sent_to, outcome, latency, status, error, accepted, applied)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
