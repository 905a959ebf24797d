CREATE TABLE links (
  id text PRIMARY KEY,
  url text NOT NULL,
  visits bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
