-- Fraud detection: one ordered log that decides everything, and the texts that it names.

-- The log: each event with its decision, each label, each change of a list, each new rule set, in
-- the order in which they were taken in. A replay of it gives the same decisions bit for bit.
CREATE TABLE fraud_log (
  sequence INTEGER NOT NULL PRIMARY KEY, -- counts from 1 without a gap
  entry    INTEGER NOT NULL,             -- 1 event and decision, 2 label, 3 list, 4 activation
  event_id TEXT UNIQUE,                  -- the caller's name of the event; NULL for other entries
  payload  BLOB,                         -- BLAKE3-256 of the event as the caller sent it; NULL for other entries
  at_us    INTEGER NOT NULL,             -- when it was taken in, by our clock
  body     BLOB NOT NULL                 -- the entry, as crates/fraud/src/journal/ writes it
) STRICT;

-- What the log names by its hash: schemas, feature sets, rule sets, models. Never changed, never
-- removed while the log names them.
CREATE TABLE fraud_artifact (
  version  BLOB NOT NULL PRIMARY KEY, -- BLAKE3-256 of what and body
  what     TEXT NOT NULL,             -- schema, features, rules, model, lists
  name     TEXT NOT NULL,             -- what people call it
  body     BLOB NOT NULL,             -- the text or the model
  made_by  TEXT NOT NULL,             -- a staff name, or 'shipped'
  made_at_us INTEGER NOT NULL         -- when it was kept
) STRICT, WITHOUT ROWID;
