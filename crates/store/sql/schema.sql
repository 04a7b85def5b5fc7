-- The whole schema of the data, as a new installation has it: what all files of data/ add up to (a
-- test compares the two). Read this one; change it by adding a file to data/.
--
-- Written as SQLite reads it. On PostgreSQL, BLOB is BYTEA, INTEGER is BIGINT and there are no table
-- options. Times are microseconds UTC; "sealed" columns hold AEAD boxes; no column holds personal
-- data in clear.

-- Which changes of the schema this database has seen; written by the migrator only.
CREATE TABLE migration (
  version       INTEGER NOT NULL PRIMARY KEY, -- counts up from 1
  name          TEXT NOT NULL,                -- file name of the change, without its ending
  digest        BLOB NOT NULL,                -- SHA-256 of its statements, comments left out
  applied_at_us INTEGER NOT NULL              -- when it was applied
) STRICT;

-- Facts about the installation itself.
CREATE TABLE installation (
  name  TEXT NOT NULL PRIMARY KEY, -- installation_id, profile, ...
  value TEXT NOT NULL              -- plain text, never secret
) STRICT, WITHOUT ROWID;

-- People who work at the controller.
CREATE TABLE staff (
  id             INTEGER NOT NULL PRIMARY KEY, -- shown as S-n
  name           TEXT NOT NULL UNIQUE,         -- login name, chosen by the controller
  role           TEXT NOT NULL,                -- privacy-officer | approver | engineer | analyst | auditor
  secret_hash    TEXT NOT NULL,                -- Argon2id, PHC string
  created_at_us  INTEGER NOT NULL,             -- when the account was made
  disabled_at_us INTEGER                       -- NULL while the account works
) STRICT;

-- A second person's consent to one exactly described act; used at most once.
CREATE TABLE approval (
  id              INTEGER NOT NULL PRIMARY KEY, -- shown as A-n
  act             TEXT NOT NULL,                -- disclose.raw | domain.destroy
  act_hash        BLOB NOT NULL,                -- SHA-256 of the act's parameters
  summary         TEXT NOT NULL,                -- what the approver is shown; log-safe
  requested_by    INTEGER NOT NULL,             -- staff.id
  requested_at_us INTEGER NOT NULL,             -- when it was asked for
  expires_at_us   INTEGER NOT NULL,             -- after this it cannot be used
  approved_by     INTEGER,                      -- staff.id, never the requester
  approved_at_us  INTEGER,                      -- NULL while nobody has consented
  used_at_us      INTEGER                       -- set in the transaction of the act
) STRICT;

-- One import of subjects: provenance of every value it brought (Network Act Decree 13(2)).
CREATE TABLE import (
  id             INTEGER NOT NULL PRIMARY KEY, -- shown as I-n
  state          TEXT NOT NULL,                -- staging | live | abandoned
  source         TEXT NOT NULL,                -- from whom the data was received
  received_at_us INTEGER NOT NULL,             -- when it was received
  started_at_us  INTEGER NOT NULL,             -- when staging began
  ended_at_us    INTEGER,                      -- when it went live or was abandoned
  rows_good      INTEGER NOT NULL,             -- rows that were taken
  rows_bad       INTEGER NOT NULL,             -- rows that were refused
  legal_basis    TEXT                          -- required when resident numbers are enrolled
) STRICT;

-- At most one import stages at a time; rows of a staging import are invisible to every reader.
CREATE UNIQUE INDEX import_one_staging ON import (state) WHERE state = 'staging';

-- A natural person. The ordinal indexes bitmaps; the handle is what pseudonyms are made from.
CREATE TABLE subject (
  ordinal   INTEGER NOT NULL PRIMARY KEY, -- dense, never given twice
  handle    INTEGER NOT NULL,             -- 64 random bits, two's complement
  import_id INTEGER NOT NULL              -- the import that enrolled the person
) STRICT;

-- From a handle to its subject.
CREATE TABLE subject_handle (
  handle    INTEGER NOT NULL PRIMARY KEY, -- as in subject
  ordinal   INTEGER NOT NULL,             -- as in subject
  import_id INTEGER NOT NULL              -- the import that enrolled the person
) STRICT;

-- The sealed attributes of a subject as one import brought them; the newest live one counts.
CREATE TABLE subject_record (
  ordinal   INTEGER NOT NULL, -- whose
  import_id INTEGER NOT NULL, -- the import that brought the record
  language  TEXT NOT NULL,    -- of notices; in clear because it selects people, not identifies them
  sealed    BLOB NOT NULL,    -- AEAD under the subject's own key
  PRIMARY KEY (ordinal, import_id)
) STRICT, WITHOUT ROWID;

-- Blind index: keyed hash of a normalised value -> subject.
CREATE TABLE blind_index (
  kind       INTEGER NOT NULL, -- number of the kind table
  digest     BLOB NOT NULL,    -- 16 bytes
  ordinal    INTEGER NOT NULL, -- the subject that has the value
  import_id  INTEGER NOT NULL, -- the import that first brought the value: its provenance
  retired_by INTEGER,          -- the import that replaced the value; it is gone once that is live
  PRIMARY KEY (kind, digest, ordinal)
) STRICT, WITHOUT ROWID;

-- Resident numbers, apart from everything else and under a key of their own (Network Act 23-6).
CREATE TABLE resident_number (
  ordinal   INTEGER NOT NULL, -- whose
  import_id INTEGER NOT NULL, -- the import that brought it, with its legal basis
  digest    BLOB NOT NULL,    -- blind index under a key of its own, 16 bytes
  sealed    BLOB NOT NULL,    -- AEAD under the key of resident numbers
  PRIMARY KEY (ordinal, import_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resident_number_digest ON resident_number (digest);

-- Outside parties.
CREATE TABLE processor (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as P-n
  name          TEXT NOT NULL UNIQUE,         -- the party's name, chosen by the controller
  relation      TEXT NOT NULL,                -- outsourcing (PIPA 26) | provision (PIPA 17)
  created_at_us INTEGER NOT NULL              -- when it was registered
) STRICT;

-- Pseudonym domains: one key each. The salts live in the key store.
CREATE TABLE domain (
  id              INTEGER NOT NULL PRIMARY KEY, -- shown as M-n
  processor_id    INTEGER NOT NULL,             -- to whom
  purpose         TEXT NOT NULL,                -- for what
  kind            INTEGER NOT NULL,             -- number of the kind table
  epoch           INTEGER NOT NULL,             -- counts the keys of the same processor, purpose and kind
  state           TEXT NOT NULL,                -- active | suspended | destroyed
  created_at_us   INTEGER NOT NULL,             -- when the key was made
  suspended_at_us INTEGER,                      -- NULL while it is not suspended
  destroyed_at_us INTEGER,                      -- NULL while the salt exists
  UNIQUE (processor_id, purpose, kind, epoch)
) STRICT;

-- A reason not to destroy keys: incident, claim or order of a court.
CREATE TABLE legal_hold (
  id            INTEGER NOT NULL PRIMARY KEY, -- counts up
  domain_id     INTEGER NOT NULL,             -- the domain whose keys must stay
  reason        TEXT NOT NULL,                -- an incident, a claim or an order, by its id
  created_at_us INTEGER NOT NULL,             -- since when
  lifted_at_us  INTEGER                       -- NULL while it holds
) STRICT;

-- One act of giving data.
CREATE TABLE disclosure (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as D-n
  processor_id  INTEGER NOT NULL,             -- to whom
  purpose       TEXT NOT NULL,                -- for what
  fields        TEXT NOT NULL,                -- JSON: [{"kind":"ci","form":"pseudonym","domain":3,"bound":true}, ...]
  origin        TEXT NOT NULL,                -- issued (by us, now) | recorded (a hand-over of the past)
  state         TEXT NOT NULL,                -- prepared | given
  given_at_us   INTEGER NOT NULL,             -- when it was given
  return_by_us  INTEGER,                      -- when it must be returned or deleted; NULL without a date
  subject_count INTEGER NOT NULL,             -- real subjects in it
  canary_count  INTEGER NOT NULL,             -- canaries in it
  stray_count   INTEGER NOT NULL,             -- rows of a recorded hand-over that are none of our subjects
  members       BLOB NOT NULL,                -- roaring bitmap of ordinals, canaries included
  row_order     BLOB NOT NULL,                -- ordinals in file order, u32 little endian
  manifest      TEXT NOT NULL,                -- JSON, signed
  signature     BLOB NOT NULL                 -- Ed25519 over the manifest
) STRICT;

-- Invented subjects, each planted in one disclosure.
CREATE TABLE canary (
  ordinal       INTEGER NOT NULL PRIMARY KEY, -- from 2^31 on
  handle        INTEGER NOT NULL UNIQUE,      -- 64 random bits, as of a subject
  disclosure_id INTEGER NOT NULL,             -- where it was planted
  sealed        BLOB NOT NULL                 -- its invented attributes
) STRICT;

-- Blind index of the canaries' raw values and of the strange rows of recorded hand-overs.
CREATE TABLE marker_index (
  kind          INTEGER NOT NULL, -- number of the kind table
  digest        BLOB NOT NULL,    -- 16 bytes, as in blind_index
  disclosure_id INTEGER NOT NULL, -- the disclosure that it gives away
  ordinal       INTEGER,          -- the canary, NULL for a strange row
  PRIMARY KEY (kind, digest, disclosure_id)
) STRICT, WITHOUT ROWID;

-- Erasures: never deleted, so that a restored key backup can be made to forget again.
CREATE TABLE erasure (
  ordinal             INTEGER NOT NULL PRIMARY KEY, -- whose; never given to another subject
  handle              INTEGER NOT NULL,             -- the handle that they had
  reason              TEXT NOT NULL,                -- why: a request, the end of a purpose
  requested_at_us     INTEGER NOT NULL,             -- when it was ordered
  key_destroyed_at_us INTEGER                       -- NULL between the order and the destruction of the key
) STRICT;

-- Backups of keys: while one that holds a key has not expired, its erasure is pending.
CREATE TABLE key_backup (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as K-n
  made_at_us    INTEGER NOT NULL,             -- when it was made
  expires_at_us INTEGER NOT NULL,             -- when it must have been destroyed
  digest        BLOB NOT NULL                 -- SHA-256 of the backup file
) STRICT;

-- Files that turned up: sealed, hashed, never changed.
CREATE TABLE evidence (
  id             INTEGER NOT NULL PRIMARY KEY, -- shown as E-n; also the sealed file's name
  sha256         BLOB NOT NULL UNIQUE,         -- of the plain bytes
  bytes          INTEGER NOT NULL,             -- length of the plain file
  sealed_key     BLOB NOT NULL,                -- the file's key, sealed
  received_at_us INTEGER NOT NULL              -- when it was taken in
) STRICT;

-- Who had evidence in hand, when, to do what.
CREATE TABLE custody (
  id          INTEGER NOT NULL PRIMARY KEY, -- counts up
  evidence_id INTEGER NOT NULL,             -- what was in hand
  at_us       INTEGER NOT NULL,             -- when
  actor       TEXT NOT NULL,                -- who: a staff name or operating system account
  act         TEXT NOT NULL                 -- received | traced | opened | exported
) STRICT;

-- One run of the tracer, with its signed and versioned list of affected subjects.
CREATE TABLE trace (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as T-n
  evidence_id   INTEGER NOT NULL,             -- what was traced
  version       INTEGER NOT NULL,             -- counts the runs over one piece of evidence
  traced_at_us  INTEGER NOT NULL,             -- when
  subject_count INTEGER NOT NULL,             -- distinct subjects in the list
  members       BLOB NOT NULL,                -- roaring bitmap of ordinals
  root          BLOB NOT NULL,                -- Merkle root over the members (RFC 9162 hashing)
  signature     BLOB NOT NULL,                -- Ed25519 over the list's header
  report        TEXT NOT NULL,                -- the JSON report: counts and ids only
  UNIQUE (evidence_id, version)
) STRICT;

-- Work that must happen even if the process dies.
CREATE TABLE job (
  id             INTEGER NOT NULL PRIMARY KEY, -- shown as J-n
  kind           TEXT NOT NULL,                -- import.cleanup | erasure.finish | ...
  payload        TEXT NOT NULL,                -- JSON of ids
  state          TEXT NOT NULL,                -- ready | running | done | failed
  attempts       INTEGER NOT NULL,             -- how often it was claimed
  run_after_us   INTEGER NOT NULL,             -- not before this time
  lease_until_us INTEGER                       -- while running: when another may take it over
) STRICT;
CREATE INDEX job_due ON job (state, run_after_us);

-- The access log: a hash chain. Rows are only ever appended.
CREATE TABLE audit (
  seq           INTEGER NOT NULL PRIMARY KEY, -- counts up from 1, without gaps
  at_us         INTEGER NOT NULL,             -- when
  actor         TEXT NOT NULL,                -- who: staff name or operating system account
  origin        TEXT NOT NULL,                -- from where: local, an address
  action        TEXT NOT NULL,                -- what: subject.reveal, disclosure.issue, ...
  object        TEXT NOT NULL,                -- on what: an id, or empty
  purpose       TEXT NOT NULL,                -- why
  subject_count INTEGER NOT NULL,             -- how many subjects it was about
  subjects      BLOB,                         -- whose: sealed bitmap, NULL when nobody's
  previous      BLOB NOT NULL,                -- hash of the row before
  hash          BLOB NOT NULL                 -- SHA-256 over previous and all columns
) STRICT;

-- The newest row of the chain; one row, locked by every writer on PostgreSQL.
CREATE TABLE audit_head (
  id   INTEGER NOT NULL PRIMARY KEY, -- always 1
  seq  INTEGER NOT NULL,             -- number of the newest row, 0 when there is none
  hash BLOB NOT NULL                 -- its hash, zeros when there is none
) STRICT;
INSERT INTO audit_head (id, seq, hash)
VALUES (1, 0, X'0000000000000000000000000000000000000000000000000000000000000000');

-- An approved sending: one text to many subjects, through one gateway.
CREATE TABLE dispatch (
  id               INTEGER NOT NULL PRIMARY KEY, -- shown as N-n
  incident_id      INTEGER NOT NULL,             -- what it is about
  stage            TEXT NOT NULL,                -- first | supplement | retraction | ...
  channel          TEXT NOT NULL,                -- sms | mail
  gateway          TEXT NOT NULL,                -- name of the gateway in the settings
  template         TEXT NOT NULL,                -- name of the text
  template_version INTEGER NOT NULL,             -- counts the versions of the text
  template_digest  BLOB NOT NULL,                -- SHA-256 of the approved text
  state            TEXT NOT NULL,                -- open | closed
  created_at_us    INTEGER NOT NULL,             -- when it was approved
  lease            INTEGER NOT NULL,             -- counts the workers that ever had it: the fence
  lease_until_us   INTEGER                       -- NULL while nobody sends
) STRICT;

-- One subject's notice. It is told once: the key says so.
CREATE TABLE notice (
  incident_id     INTEGER NOT NULL, -- what it is about
  ordinal         INTEGER NOT NULL, -- whom it is for
  stage           TEXT NOT NULL,    -- as in dispatch
  dispatch_id     INTEGER NOT NULL, -- the sending it belongs to
  state           TEXT NOT NULL,    -- planned | intent | accepted | delivered | failed | expired | in_doubt
  attempt         INTEGER NOT NULL, -- counts the intents
  reference       INTEGER NOT NULL, -- user_message_reference of the attempt, 16 bits
  destination     BLOB,             -- keyed hash of the number, 16 bytes; NULL before the first intent
  parts           INTEGER NOT NULL, -- short messages that the text takes
  parts_delivered INTEGER NOT NULL, -- of this attempt
  outcome         TEXT,             -- why it failed or expired, as a code
  intent_at_us    INTEGER,          -- when the intent was written down
  accepted_at_us  INTEGER,          -- when the gateway took it
  ended_at_us     INTEGER,          -- when it was delivered, failed or expired
  PRIMARY KEY (incident_id, ordinal, stage)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_state ON notice (dispatch_id, state, ordinal);
CREATE INDEX notice_unanswered ON notice (reference, destination)
  WHERE state IN ('intent', 'in_doubt');

-- What the gateway took: one row a short message.
CREATE TABLE notice_message (
  gateway     TEXT NOT NULL,    -- as in dispatch
  message_id  TEXT NOT NULL,    -- the gateway's own number of it
  incident_id INTEGER NOT NULL, -- the notice ...
  ordinal     INTEGER NOT NULL, -- ... that it is
  stage       TEXT NOT NULL,    -- ... a part of
  attempt     INTEGER NOT NULL, -- the attempt that it belongs to
  outcome     TEXT,             -- delivered, or why not, as a code; NULL without a receipt
  PRIMARY KEY (gateway, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_message_notice ON notice_message (incident_id, ordinal, stage);

-- Receipts that belong to no notice yet: they came before the answer that names their message, or
-- are of somebody else on the same gateway.
CREATE TABLE stray_receipt (
  gateway        TEXT NOT NULL,    -- who sent it
  message_id     TEXT NOT NULL,    -- what it is about
  destination    BLOB,             -- keyed hash of the number that it names, 16 bytes
  outcome        TEXT NOT NULL,    -- as in notice_message
  received_at_us INTEGER NOT NULL, -- when it came
  PRIMARY KEY (gateway, message_id)
) STRICT, WITHOUT ROWID;

-- What a person decided about a notice in doubt.
CREATE TABLE notice_decision (
  incident_id   INTEGER NOT NULL, -- the notice ...
  ordinal       INTEGER NOT NULL, -- ... that was ...
  stage         TEXT NOT NULL,    -- ... decided about
  attempt       INTEGER NOT NULL, -- the attempt that was in doubt
  decision      TEXT NOT NULL,    -- resend | give_up
  decided_by    INTEGER NOT NULL, -- staff.id
  reason        TEXT NOT NULL,    -- in the person's words; no personal data
  decided_at_us INTEGER NOT NULL, -- when
  PRIMARY KEY (incident_id, ordinal, stage, attempt)
) STRICT, WITHOUT ROWID;

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

-- A leak, possible or confirmed.
CREATE TABLE incident (
  id           INTEGER NOT NULL PRIMARY KEY, -- shown as L-n
  title        TEXT NOT NULL,                -- what people call it; names nobody
  source       TEXT NOT NULL,                -- finding | tip | processor: from where it became known
  processor_id INTEGER,                      -- who reported it, or whose copy it is; NULL when unknown
  state        TEXT NOT NULL,                -- open | closed
  aware_at_us  INTEGER NOT NULL,             -- when the controller came to know of it
  opened_at_us INTEGER NOT NULL,             -- when it was opened here
  opened_by    TEXT NOT NULL,                -- who opened it
  closed_at_us INTEGER                       -- NULL while it is open
) STRICT;

-- What is known about an incident, in the words of the rule table. Rows are only ever appended; the
-- newest of a name counts.
CREATE TABLE incident_fact (
  incident_id INTEGER NOT NULL, -- about which incident
  seq         INTEGER NOT NULL, -- counts up from 1 in the incident
  name        TEXT NOT NULL,    -- as the rule table spells it: subjects, role(controller), ...
  value       TEXT NOT NULL,    -- as the rule table spells it; empty: unknown again
  actor       TEXT NOT NULL,    -- who said so
  said_at_us  INTEGER NOT NULL, -- when it was put on record
  PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- What happened, in order. Rows are only ever appended.
CREATE TABLE timeline (
  incident_id    INTEGER NOT NULL, -- in which incident
  seq            INTEGER NOT NULL, -- counts up from 1 in the incident, without gaps
  at_us          INTEGER NOT NULL, -- when it happened
  recorded_at_us INTEGER NOT NULL, -- when it was put on record
  actor          TEXT NOT NULL,    -- who did it
  what           TEXT NOT NULL,    -- incident.open, contain.prove, ...
  object         TEXT NOT NULL,    -- on what: an id, or empty
  facts          TEXT NOT NULL,    -- JSON of counts, ids and words; never personal data
  PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- One subject's part in an incident.
CREATE TABLE exposure (
  incident_id INTEGER NOT NULL, -- in which incident
  ordinal     INTEGER NOT NULL, -- whose
  grade       TEXT NOT NULL,    -- exact: named by a unique value or a keyed pseudonym
  trace_id    INTEGER NOT NULL, -- the signed list that names the subject first
  known_at_us INTEGER NOT NULL, -- since when it is known: the person's own clock starts here
  PRIMARY KEY (incident_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Events of legal clocks. Rows are only ever appended.
CREATE TABLE clock_event (
  incident_id    INTEGER NOT NULL, -- in which incident
  seq            INTEGER NOT NULL, -- counts up from 1 in the incident
  duty           TEXT NOT NULL,    -- id of the rule table's row
  happened_at_us INTEGER NOT NULL, -- when it happened
  recorded_at_us INTEGER NOT NULL, -- when it was put on record
  what           TEXT NOT NULL,    -- started | withdrawn | stopped | delay_began | delay_ended
  word           TEXT NOT NULL,    -- start event, kind of evidence or reason, as the table spells it
  reference      TEXT NOT NULL,    -- where the evidence is; empty where none is needed
  refers_at_us   INTEGER,          -- the start that is withdrawn, or the begin of the delay that ends
  subjects       BLOB,             -- whose clocks: sealed bitmap; NULL for the incident's own clock
  PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- Orders to cut something off, and the proof that it is.
CREATE TABLE containment (
  incident_id   INTEGER NOT NULL, -- in which incident
  seq           INTEGER NOT NULL, -- counts up from 1 in the incident
  processor_id  INTEGER NOT NULL, -- whom
  means         TEXT NOT NULL,    -- what is cut: domains, access, ...
  ordered_by    TEXT NOT NULL,    -- who gave the order
  reason        TEXT NOT NULL,    -- why, in words without personal data
  ordered_at_us INTEGER NOT NULL, -- when
  proved_at_us  INTEGER,          -- NULL until it is shown to be cut
  proof         TEXT,             -- JSON of ids and times; NULL until then
  PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- A notice before it is sent: the same words for everybody of a language.
CREATE TABLE notice_draft (
  incident_id     INTEGER NOT NULL, -- about which incident
  seq             INTEGER NOT NULL, -- counts up from 1 in the incident
  stage           TEXT NOT NULL,    -- first | supplement | retraction | ...
  duty            TEXT NOT NULL,    -- id of the rule table's row that it fulfils
  template        TEXT NOT NULL,    -- name of the template
  texts           TEXT NOT NULL,    -- JSON: the text of each language
  digest          BLOB NOT NULL,    -- SHA-256 over stage, duty, template and texts: what is approved
  author          INTEGER NOT NULL, -- staff.id
  state           TEXT NOT NULL,    -- draft | previewed | approved | sending | sent | dropped
  drafted_at_us   INTEGER NOT NULL, -- when it was written
  previewed_at_us INTEGER,          -- NULL until it was looked at as it will be sent
  dispatch_id     INTEGER,          -- the sending; NULL before it
  PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- Who agreed to a notice. Two people must, and neither of them wrote it.
CREATE TABLE notice_approval (
  incident_id    INTEGER NOT NULL, -- the draft ...
  draft_seq      INTEGER NOT NULL, -- ... that was agreed to
  staff_id       INTEGER NOT NULL, -- by whom
  digest         BLOB NOT NULL,    -- what they saw: as in notice_draft
  approved_at_us INTEGER NOT NULL, -- when
  PRIMARY KEY (incident_id, draft_seq, staff_id)
) STRICT, WITHOUT ROWID;

-- What shows what was done: references, never the things themselves.
CREATE TABLE incident_evidence (
  incident_id INTEGER NOT NULL, -- in which incident
  seq         INTEGER NOT NULL, -- counts up from 1 in the incident
  kind        TEXT NOT NULL,    -- as the rule table spells it, or closing
  reference   TEXT NOT NULL,    -- an id, a receipt number, a path in the evidence store
  added_by    TEXT NOT NULL,    -- who
  added_at_us INTEGER NOT NULL, -- when
  PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- A text with holes that staff registered for a processor; a change is a new version.
CREATE TABLE message_template (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as W-n
  processor_id  INTEGER NOT NULL,             -- who may use it
  name          TEXT NOT NULL,                -- how it is asked for
  version       INTEGER NOT NULL,             -- counts the texts of that name from 1
  texts         TEXT NOT NULL,                -- JSON: the text of each language
  allowed       TEXT NOT NULL,                -- JSON: addresses and telephone numbers that it may name
  digest        BLOB NOT NULL,                -- SHA-256 of what was agreed to
  approval_id   INTEGER NOT NULL,             -- approval.id: it is used only once that was agreed to
  created_at_us INTEGER NOT NULL,             -- when it was registered
  UNIQUE (processor_id, name, version)
) STRICT;

-- A text that a processor asked for. Where it got as far as a notice, its state is the notice's.
CREATE TABLE message (
  id            INTEGER NOT NULL PRIMARY KEY, -- shown as X-n
  processor_id  INTEGER NOT NULL,             -- who asked
  api_key_id    INTEGER NOT NULL,             -- by which key
  template_id   INTEGER NOT NULL,             -- message_template.id
  target        BLOB NOT NULL,                -- keyed hash of the pseudonym, 16 bytes
  ordinal       INTEGER,                      -- whom, canaries included; NULL for nobody of theirs
  content       BLOB,                         -- its values, sealed; NULL once they are not needed
  state         TEXT NOT NULL,                -- queued | sending | told | dropped
  outcome       TEXT,                         -- why it was dropped, as a code
  dispatch_id   INTEGER,                      -- the sending; NULL before it
  created_at_us INTEGER NOT NULL              -- when it was asked for
) STRICT;
CREATE INDEX message_state ON message (state, id);
CREATE INDEX message_target ON message (processor_id, target, created_at_us);
CREATE INDEX message_day ON message (processor_id, created_at_us);
CREATE INDEX message_person ON message (ordinal, created_at_us);

-- Of which older domain the pseudonyms were exchanged for those of a newer epoch: a file with the
-- new ones may come of a delivery with the old ones.
CREATE TABLE remap (
  domain_id   INTEGER NOT NULL, -- domain.id of the newer epoch
  from_id     INTEGER NOT NULL, -- domain.id of the older one
  first_at_us INTEGER NOT NULL, -- when it was first done
  PRIMARY KEY (domain_id, from_id)
) STRICT, WITHOUT ROWID;

-- A rehearsal and what it came to. It was about people who do not exist.
CREATE TABLE drill (
  id            INTEGER NOT NULL PRIMARY KEY, -- counts up from 1
  trouble       TEXT NOT NULL,                -- none | some: how the drill's own gateway behaved
  outcome       TEXT NOT NULL,                -- JSON of counts and durations: steps, notices, seed
  ordered_by    TEXT NOT NULL,                -- who ordered it
  started_at_us INTEGER NOT NULL              -- when it began
) STRICT;

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

-- Consents that one officer carried alone, because nobody else was there and the team is small. Rows
-- are only ever appended; an act has at most one.
CREATE TABLE break_glass (
  id           INTEGER NOT NULL PRIMARY KEY, -- counts up from 1
  approval_id  INTEGER UNIQUE,               -- the request that was agreed to; NULL for a notice
  incident_id  INTEGER,                      -- the notice's incident; NULL for a request
  draft_seq    INTEGER,                      -- the notice's draft in it; NULL for a request
  digest       BLOB NOT NULL,                -- SHA-256 of what was agreed to
  staff_id     INTEGER NOT NULL,             -- by whom
  reason       TEXT NOT NULL,                -- why it could not wait for a second person
  broken_at_us INTEGER NOT NULL,             -- when
  UNIQUE (incident_id, draft_seq)
) STRICT;
CREATE INDEX break_glass_time ON break_glass (broken_at_us);

-- Passkeys of staff: public keys of authenticators that they sign in with (WebAuthn Level 3).
CREATE TABLE passkey (
  id                INTEGER NOT NULL PRIMARY KEY, -- shown as F-n
  staff_id          INTEGER NOT NULL,             -- whose
  name              TEXT NOT NULL,                -- what its owner calls it
  credential_digest BLOB NOT NULL UNIQUE,         -- SHA-256 of the credential id that the authenticator chose
  credential        TEXT NOT NULL,                -- JSON: id, public key, signature counter, backup flags
  is_backed_up      INTEGER NOT NULL,             -- 1 when it said at its last use that copies of it exist
  created_at_us     INTEGER NOT NULL,             -- when it was registered
  used_at_us        INTEGER,                      -- the last sign-in by it
  revoked_at_us     INTEGER                       -- NULL while it works
) STRICT;
CREATE INDEX passkey_staff ON passkey (staff_id);

-- Ways in that were begun and have not ended: challenges to passkeys, and people who are away at the
-- company's identity provider. Each is used once.
CREATE TABLE sign_in_attempt (
  digest        BLOB NOT NULL PRIMARY KEY, -- SHA-256 of what the browser holds: a ticket, or its session
  act           TEXT NOT NULL,             -- passkey.add | passkey.sign_in | sso
  sealed        BLOB NOT NULL,             -- what the answer is compared with, sealed
  expires_at_us INTEGER NOT NULL           -- after this it is not answered
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempt_end ON sign_in_attempt (expires_at_us);

-- Who a person of the company's identity provider is here: set beforehand, never guessed.
CREATE TABLE sso_link (
  staff_id       INTEGER NOT NULL PRIMARY KEY, -- who it is here
  subject_digest BLOB NOT NULL UNIQUE,         -- keyed hash of issuer and subject, 32 bytes
  linked_by      TEXT NOT NULL,                -- who said so: a staff name
  linked_at_us   INTEGER NOT NULL,             -- when
  used_at_us     INTEGER                       -- the last sign-in by it
) STRICT;

-- Notices that stand on the company's web site for whoever cannot be reached (PIPA Decree 39(3)).

-- A posting: what was shown, byte by byte, and from when till when.
CREATE TABLE posting (
  id            INTEGER NOT NULL PRIMARY KEY, -- counts from 1; evidence names it posting:n
  incident_id   INTEGER NOT NULL,             -- what it is about
  draft_seq     INTEGER NOT NULL,             -- the notice that two people agreed to
  draft_digest  BLOB NOT NULL,                -- SHA-256 of the words that they agreed to
  slug          TEXT NOT NULL UNIQUE,         -- the last part of its address: 2026-11-23-1
  titles        TEXT NOT NULL,                -- JSON: its heading in each language
  page          TEXT NOT NULL,                -- the page as it is shown
  page_digest   BLOB NOT NULL,                -- SHA-256 of the page
  zone          TEXT NOT NULL,                -- where its days are counted: Asia/Seoul
  days          INTEGER NOT NULL,             -- for how many whole days it must stand
  posted_by     TEXT NOT NULL,                -- a staff name
  posted_at_us  INTEGER NOT NULL,             -- from when
  full_at_us    INTEGER NOT NULL,             -- when its days are over; it stands until somebody ends it
  ended_by      TEXT,                         -- a staff name; NULL while it stands
  ended_reason  TEXT,                         -- in the person's words; no personal data
  ended_at_us   INTEGER                       -- till when; NULL while it stands
) STRICT;
CREATE INDEX posting_incident ON posting (incident_id, id);

-- A day of a posting. Who asked for it is not kept.
CREATE TABLE posting_day (
  posting_id INTEGER NOT NULL, -- which
  day        TEXT NOT NULL,    -- in the posting's zone: 2026-11-23
  served     INTEGER NOT NULL, -- how often it was given
  held       INTEGER NOT NULL, -- how often we looked for ourselves and found exactly the page
  missed     INTEGER NOT NULL, -- how often we looked and did not
  PRIMARY KEY (posting_id, day)
) STRICT, WITHOUT ROWID;

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

-- An alert: one for each event that was not simply allowed. It is written in the transaction that
-- appends the event and its decision to the log, so neither exists without the other.
CREATE TABLE fraud_alert (
  sequence     INTEGER NOT NULL PRIMARY KEY, -- place of the event in fraud_log
  event_id     TEXT NOT NULL,                -- the caller's name of the event
  account      TEXT,                         -- pseudonym of the customer's account
  payee        TEXT,                         -- pseudonym of the receiving account, if there was one
  device       TEXT,                         -- pseudonym of the device, if there was one
  amount       INTEGER,                      -- in minor units, if there was one
  action       TEXT NOT NULL,                -- allow (see conflicts), case, step_up, delay, hold, block
  score        INTEGER NOT NULL,             -- 0 to 100
  opened_at_us INTEGER NOT NULL,             -- when it was decided
  due_at_us    INTEGER NOT NULL,             -- until when a person should have looked
  state        TEXT NOT NULL,                -- open, closed
  assignee     TEXT,                         -- a staff name; NULL while nobody has it
  case_id      INTEGER,                      -- the case that it belongs to
  conflicts    INTEGER NOT NULL,             -- how often its name came again with other content
  outcome      TEXT,                         -- fraud, no_fraud, unclear; NULL while open
  note         TEXT,                         -- what the person wrote who closed it
  closed_by    TEXT,                         -- a staff name
  closed_at_us INTEGER,                      -- when
  label_owed   INTEGER NOT NULL              -- 1: its outcome has yet to be told to the log
) STRICT;
CREATE INDEX fraud_alert_queue ON fraud_alert (state, due_at_us, score DESC, sequence);
CREATE INDEX fraud_alert_account ON fraud_alert (account, sequence);
CREATE INDEX fraud_alert_payee ON fraud_alert (payee, sequence);
CREATE INDEX fraud_alert_device ON fraud_alert (device, sequence);
CREATE INDEX fraud_alert_case ON fraud_alert (case_id, sequence);
CREATE INDEX fraud_alert_label ON fraud_alert (label_owed, sequence);

-- A case: alerts that are looked into together. Two people close it.
CREATE TABLE fraud_case (
  id           INTEGER NOT NULL PRIMARY KEY, -- counts from 1
  title        TEXT NOT NULL,                -- what people call it; no personal data
  opened_by    TEXT NOT NULL,                -- a staff name
  opened_at_us INTEGER NOT NULL,             -- when
  assignee     TEXT,                         -- a staff name; NULL while nobody has it
  state        TEXT NOT NULL,                -- open, closing (one person has said how), closed
  outcome      TEXT,                         -- fraud, no_fraud, unclear; NULL while open
  reason       TEXT,                         -- why, in the words of who asked
  asked_by     TEXT,                         -- who said how it ends
  closed_by    TEXT,                         -- who agreed
  closed_at_us INTEGER                       -- when
) STRICT;
CREATE INDEX fraud_case_state ON fraud_case (state, id);

-- What people wrote on a case. Added to, never changed.
CREATE TABLE fraud_case_note (
  case_id INTEGER NOT NULL, -- which
  number  INTEGER NOT NULL, -- counts from 1
  by_whom TEXT NOT NULL,    -- a staff name
  at_us   INTEGER NOT NULL, -- when
  text    TEXT NOT NULL,    -- their words
  PRIMARY KEY (case_id, number)
) STRICT, WITHOUT ROWID;

-- A temporary measure on an event, placed in the transaction that decided it. Where it stands
-- follows from its steps.
CREATE TABLE fraud_measure (
  sequence     INTEGER NOT NULL PRIMARY KEY, -- place of the event in fraud_log
  event_id     TEXT NOT NULL,                -- the caller's name of the event
  account      TEXT,                         -- pseudonym of the customer's account
  kind         TEXT NOT NULL,                -- step_up, delay, hold, block
  state        TEXT NOT NULL,                -- placed, notified, identity_checked, released, carried_out, refused
  steps        INTEGER NOT NULL,             -- number of its last step
  placed_at_us INTEGER NOT NULL,             -- when
  due_at_us    INTEGER NOT NULL,             -- a delay's timer; for the others, until when it should have ended
  asked_by     TEXT,                         -- who asked for its release; NULL when nobody did
  ended_at_us  INTEGER                       -- when it was released, carried out or refused
) STRICT;
CREATE INDEX fraud_measure_queue ON fraud_measure (kind, state, due_at_us, sequence);

-- The steps of a measure, kept five years after its end (Decree of the Act on Refund of
-- Telecommunications Fraud Losses, Art. 2-4). Added to, never changed.
CREATE TABLE fraud_measure_step (
  sequence INTEGER NOT NULL, -- the measure
  number   INTEGER NOT NULL, -- counts from 1
  step     TEXT NOT NULL,    -- placed, notified, identity_checked, identity_failed, release_asked, release_withdrawn, released, carried_out, refused
  by_whom  TEXT NOT NULL,    -- a staff name; rules or clock for what nobody did by hand
  how      TEXT NOT NULL,    -- channel of a notice, way of an identity check; else empty
  reason   TEXT NOT NULL,    -- the person's words; empty where none is asked
  at_us    INTEGER NOT NULL, -- when
  PRIMARY KEY (sequence, number)
) STRICT, WITHOUT ROWID;
