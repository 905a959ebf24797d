CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, price float8 NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO items SELECT n, 'item ' || n, n * 1.25, '2025-01-01Z'::timestamptz + n * interval '1 second' FROM generate_series(1, 100000) AS n;
CREATE TABLE copies (id int NOT NULL, name text NOT NULL, price float8 NOT NULL);
ANALYZE items;
