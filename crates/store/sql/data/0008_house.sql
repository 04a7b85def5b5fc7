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
