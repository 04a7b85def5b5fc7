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
