-- Set on every connection, of a store as of the benchmark's bare table.
PRAGMA synchronous = FULL;           -- a commit is on the disk when it returns: what "saved" means
PRAGMA fullfsync = ON;               -- on macOS a plain fsync stops at the drive's own memory; checkpoints go by it too
PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF;         -- a tampered schema cannot call functions
PRAGMA cell_size_check = ON;         -- damage is met as an error, early
PRAGMA mmap_size = 0;                -- a disk error is an error, not a signal
PRAGMA temp_store = MEMORY;          -- nothing that a query sorts is left on the disk
PRAGMA wal_autocheckpoint = 2000;    -- pages: 8 MiB of write-ahead log
PRAGMA journal_size_limit = 16777216;
