-- Which changes of the schema this database has seen; written by the migrator only.
CREATE TABLE migration (
  version       INTEGER NOT NULL PRIMARY KEY, -- counts up from 1
  name          TEXT NOT NULL,                -- file name of the change, without its ending
  digest        BLOB NOT NULL,                -- SHA-256 of its statements, comments left out
  applied_at_us INTEGER NOT NULL              -- when it was applied
) STRICT;
