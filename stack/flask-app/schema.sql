-- Idempotent, and safe when several tasks run it at once.
BEGIN;
SELECT pg_advisory_xact_lock(7301);
CREATE TABLE IF NOT EXISTS items (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    name text NOT NULL
);
INSERT INTO items (id, name)
SELECT n::text, 'item ' || n FROM generate_series(1, 1000) AS n
ON CONFLICT (id) DO NOTHING;
COMMIT;
ANALYZE items;
