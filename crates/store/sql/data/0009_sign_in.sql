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
