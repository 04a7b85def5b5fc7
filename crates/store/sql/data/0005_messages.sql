-- Texts that processors ask us to send to people whom they know by pseudonym.

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
