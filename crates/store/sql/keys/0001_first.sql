-- The key store: everything whose destruction makes data unreadable. Always SQLite, always apart
-- from the data, with secure_delete on and backups of its own.

-- One data key a subject, wrapped under the key-encryption key of a generation.
CREATE TABLE subject_key (
  ordinal    INTEGER NOT NULL PRIMARY KEY, -- whose
  generation INTEGER NOT NULL,             -- which key-encryption key wraps it
  wrapped    BLOB NOT NULL                 -- AEAD box of 32 bytes, bound to the ordinal
) STRICT;

-- One salt a pseudonym domain; with the root of its generation it gives the domain key.
CREATE TABLE domain_salt (
  domain_id  INTEGER NOT NULL PRIMARY KEY, -- domain.id in the data
  generation INTEGER NOT NULL,             -- which root the domain key derives from
  custody    TEXT NOT NULL,                -- working | forensics: which key wraps the salt
  wrapped    BLOB NOT NULL                 -- AEAD box of 32 bytes, bound to the domain and the custody
) STRICT;
