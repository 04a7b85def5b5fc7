-- What people do about decisions of fraud detection: alerts, cases, temporary measures.

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
