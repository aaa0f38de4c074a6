-- Version 1. Tables are STRICT, ids are 16 raw bytes, hashes 32, times milliseconds since 1970 by the relay's clock.
-- Workspaces, documents and replicas have a short number here, because every row of the log names all three.

CREATE TABLE workspaces (
  number     INTEGER PRIMARY KEY,
  workspace  BLOB    NOT NULL UNIQUE,
  public_url TEXT    NOT NULL,             -- what invitation links begin with
  created_at INTEGER NOT NULL
) STRICT;

-- The lives of a workspace's log. The youngest is the present one.
CREATE TABLE epochs (
  number    INTEGER PRIMARY KEY,           -- rises with every life
  workspace INTEGER NOT NULL REFERENCES workspaces (number),
  epoch     BLOB    NOT NULL UNIQUE,
  first_seq INTEGER NOT NULL               -- the first number given in this life
) STRICT;

CREATE TABLE documents (
  number     INTEGER PRIMARY KEY,
  workspace  INTEGER NOT NULL REFERENCES workspaces (number),
  document   BLOB    NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (workspace, document)
) STRICT;

-- Who wrote: one row per replica that ever pushed.
CREATE TABLE replicas (
  number    INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL REFERENCES workspaces (number),
  person    BLOB    NOT NULL,
  device    BLOB    NOT NULL,
  replica   BLOB    NOT NULL,
  UNIQUE (workspace, replica, device, person)
) STRICT;

-- The log. Nothing is ever updated or deleted here.
CREATE TABLE log (
  line     INTEGER PRIMARY KEY,            -- workspace number * 2^40 + sequence number: the log's order is the table's
  epoch    INTEGER NOT NULL,               -- epochs.number
  kind     INTEGER NOT NULL,
  document INTEGER NOT NULL,               -- documents.number
  replica  INTEGER NOT NULL,               -- replicas.number
  counter  INTEGER NOT NULL,               -- the replica's own number of it
  hash     BLOB    NOT NULL,               -- BLAKE3 of the plain bytes
  at       INTEGER NOT NULL,               -- when it was committed
  origin   INTEGER NOT NULL,
  flags    INTEGER NOT NULL,
  key_id   INTEGER NOT NULL,
  seal     BLOB    NOT NULL,               -- 16 bytes, keyed by a secret outside this file
  bytes    BLOB    NOT NULL
) STRICT;
-- The hash belongs to the name: after a restore two copies of a profile may bring back one counter each.
CREATE UNIQUE INDEX log_by_name ON log (replica, counter, hash);
CREATE INDEX log_by_document ON log (document, line);

-- A document folded through a line of the log: a cache, made from the log alone.
CREATE TABLE snapshots (
  document INTEGER PRIMARY KEY,            -- documents.number
  through  INTEGER NOT NULL,               -- the last line that is in it
  made_at  INTEGER NOT NULL,
  bytes    BLOB    NOT NULL                -- one Yjs update, v1, nothing collected
) STRICT;
CREATE INDEX snapshots_by_line ON snapshots (through);

-- Which device may write under a client id: the one that used it first.
CREATE TABLE client_owners (
  document INTEGER NOT NULL,               -- documents.number
  client   INTEGER NOT NULL,               -- Yjs client id, below 2^53
  device   BLOB    NOT NULL,
  PRIMARY KEY (document, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
  person     BLOB    PRIMARY KEY,
  workspace  INTEGER NOT NULL REFERENCES workspaces (number),
  name       TEXT    NOT NULL,
  email      TEXT    NOT NULL,             -- as written by the person
  email_key  TEXT    NOT NULL UNIQUE,      -- trimmed and in lower case
  role       TEXT    NOT NULL CHECK (role IN ('owner', 'member')),
  password   TEXT    NOT NULL,             -- Argon2id, PHC string
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE devices (
  device     BLOB    PRIMARY KEY,
  person     BLOB    NOT NULL REFERENCES people (person),
  name       TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL              -- the last sign-in or refresh
) STRICT;

-- One family of refresh secrets per device; only hashes are kept.
CREATE TABLE sessions (
  device   BLOB    PRIMARY KEY REFERENCES devices (device),
  current  BLOB    NOT NULL UNIQUE,        -- hash of the secret that refreshes next
  ended_at INTEGER                         -- signed out, or ended because a spent secret came back
) STRICT;

-- Spent secrets, so that a repeated request gets the same answer and a stolen secret is noticed.
CREATE TABLE rotations (
  spent    BLOB    PRIMARY KEY,
  device   BLOB    NOT NULL REFERENCES sessions (device),
  rotation BLOB    NOT NULL,               -- 16 bytes, chosen by the device
  next     BLOB    NOT NULL,               -- hash of the secret that replaced it
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX rotations_by_device ON rotations (device, at);

CREATE TABLE invitations (
  secret     BLOB    PRIMARY KEY,          -- hash of the secret in the link
  workspace  INTEGER NOT NULL REFERENCES workspaces (number),
  role       TEXT    NOT NULL CHECK (role IN ('owner', 'member')),
  invited_by BLOB,                         -- the person, or NULL for the operator
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_by    BLOB                          -- the person who joined with it
) STRICT;
