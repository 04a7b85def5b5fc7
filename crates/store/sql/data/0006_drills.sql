-- Rehearsals that were run, so that each can be compared with earlier ones.

-- A rehearsal and what it came to. It was about people who do not exist.
CREATE TABLE drill (
  id            INTEGER NOT NULL PRIMARY KEY, -- counts up from 1
  trouble       TEXT NOT NULL,                -- none | some: how the drill's own gateway behaved
  outcome       TEXT NOT NULL,                -- JSON of counts and durations: steps, notices, seed
  ordered_by    TEXT NOT NULL,                -- who ordered it
  started_at_us INTEGER NOT NULL              -- when it began
) STRICT;
