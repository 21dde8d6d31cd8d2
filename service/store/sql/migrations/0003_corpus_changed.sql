-- When the registry last changed: operators are told when it grows old.
-- Locks the one-row table for a moment. Older code goes on: it leaves the time as it is.
ALTER TABLE corpus ADD COLUMN changed timestamptz NOT NULL DEFAULT now();
