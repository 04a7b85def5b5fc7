-- What lets a repeated request be answered even when the process died in its middle: each
-- transaction of a request notes itself here, in its own commit, until the answer is kept.
CREATE TABLE answer_effect (
  actor         TEXT NOT NULL,    -- S-n, Y-n or nobody
  route         TEXT NOT NULL,    -- method and path of the request
  request_key   TEXT NOT NULL,    -- its Idempotency-Key
  body_digest   BLOB NOT NULL,    -- keyed hash of its body, 32 bytes
  effects       TEXT NOT NULL,    -- a line a transaction: its name, tab, the id that it gave, tab, the log row's object
  secret        BLOB,             -- the secret that the answer shows once, sealed; NULL when there is none
  created_at_us INTEGER NOT NULL, -- when the request came
  PRIMARY KEY (actor, route, request_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_effect_created ON answer_effect (created_at_us);
