CREATE TABLE posts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  body text NOT NULL,
  tags text[] NOT NULL,
  author text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO posts (title, body, tags, author, created_at)
VALUES ('Hello', 'The first post is always the shortest.', '{"#meta"}', 'ada', '2025-01-01 09:00:00+00');
