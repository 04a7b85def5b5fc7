-- How a member of staff may come in; no row means: without a term, everywhere, secret chosen.
CREATE TABLE staff_access (
  staff_id           INTEGER NOT NULL PRIMARY KEY, -- staff.id
  one_time_until_us  INTEGER,                      -- the secret is a one-time password and works until then; NULL once one was chosen
  scope_processor_id INTEGER,                      -- an inspector sees only what is of this processor
  expires_at_us      INTEGER                       -- an inspector's last moment
) STRICT;

-- Wrong secrets in a row, by name, of people and of names that nobody has, so that both read alike.
CREATE TABLE sign_in_failure (
  name_digest     BLOB NOT NULL PRIMARY KEY, -- keyed hash of the name that was given, 32 bytes
  failures        INTEGER NOT NULL,          -- in a row
  failed_at_us    INTEGER NOT NULL,          -- the last one
  locked_until_us INTEGER NOT NULL           -- nobody signs in by this name before
) STRICT, WITHOUT ROWID;

-- Who is signed in.
CREATE TABLE staff_session (
  digest        BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the session's token
  staff_id      INTEGER NOT NULL,          -- staff.id
  created_at_us INTEGER NOT NULL,          -- when they signed in
  used_at_us    INTEGER NOT NULL,          -- the last request, to the minute
  expires_at_us INTEGER NOT NULL,          -- its last moment, however busy
  revoked_at_us INTEGER                    -- NULL while it works
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_session_staff ON staff_session (staff_id);

-- The keys by which a processor's programs come in.
CREATE TABLE api_key (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as Y-n
  processor_id  INTEGER NOT NULL,             -- whose
  scopes        TEXT NOT NULL,                -- words with a blank between: deliveries:read sandbox:read
  digest        BLOB NOT NULL UNIQUE,         -- SHA-256 of the key, which is 32 random bytes
  created_at_us INTEGER NOT NULL,             -- when it was made
  expires_at_us INTEGER NOT NULL,             -- its last moment
  used_at_us    INTEGER,                      -- the last request, to the minute
  revoked_at_us INTEGER                       -- NULL while it works
) STRICT;
CREATE INDEX api_key_processor ON api_key (processor_id);

-- The sealed file of a disclosure, for its processor to fetch.
CREATE TABLE delivery (
  id                 INTEGER NOT NULL PRIMARY KEY, -- shown as V-n; also the sealed file's name
  disclosure_id      INTEGER NOT NULL UNIQUE,      -- what is delivered
  processor_id       INTEGER NOT NULL,             -- to whom
  sha256             BLOB NOT NULL,                -- of the plain bytes
  bytes              INTEGER NOT NULL,             -- length of the plain file
  sealed_key         BLOB NOT NULL,                -- the file's key, sealed
  created_at_us      INTEGER NOT NULL,             -- when it was sealed
  published_at_us    INTEGER,                      -- NULL while nobody may fetch it
  available_until_us INTEGER                       -- after this it is not to be had
) STRICT;
CREATE INDEX delivery_processor ON delivery (processor_id);

-- Each time that a delivery was fetched: begun before its first byte.
CREATE TABLE delivery_fetch (
  id            INTEGER NOT NULL PRIMARY KEY, -- counts up
  delivery_id   INTEGER NOT NULL,             -- what
  api_key_id    INTEGER NOT NULL,             -- by which key
  started_at_us INTEGER NOT NULL,             -- when it began
  ended_at_us   INTEGER,                      -- NULL while it runs, or when the process died
  outcome       TEXT                          -- whole | aborted
) STRICT;
CREATE INDEX delivery_fetch_delivery ON delivery_fetch (delivery_id);

-- Orders to cut a processor's access off, and what was cut.
CREATE TABLE access_cut (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as C-n
  processor_id  INTEGER NOT NULL,             -- whose access
  reason        TEXT NOT NULL,                -- why, in words without personal data
  ordered_by    TEXT NOT NULL,                -- who: a staff name
  ordered_at_us INTEGER NOT NULL,             -- when
  proved_at_us  INTEGER,                      -- NULL while it is being carried out
  proof         TEXT,                         -- JSON: each kind of credential, how many, when
  signature     BLOB                          -- Ed25519 over the proof
) STRICT;

-- Answers that were given, so that a repeated request gets the same one and does nothing.
CREATE TABLE answer (
  actor         TEXT NOT NULL,    -- S-n, Y-n or nobody
  route         TEXT NOT NULL,    -- method and path of the request
  request_key   TEXT NOT NULL,    -- its Idempotency-Key
  body_digest   BLOB NOT NULL,    -- keyed hash of its body, 32 bytes
  sealed        BLOB,             -- the answer, sealed; NULL while it runs, or when the process died
  created_at_us INTEGER NOT NULL, -- when the request came
  PRIMARY KEY (actor, route, request_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_created ON answer (created_at_us);
