-- Notices to subjects: each person is told once in each stage of an incident.

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
