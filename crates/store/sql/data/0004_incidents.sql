-- The story of a leak: what is known, what was done about it, and what shows it.

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
