CREATE TABLE entries (
  order_id bigint PRIMARY KEY,
  customer text NOT NULL,
  cents bigint NOT NULL
);
CREATE INDEX ON entries (customer);
