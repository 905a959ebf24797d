CREATE TABLE handled (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL,
  number int NOT NULL
);
