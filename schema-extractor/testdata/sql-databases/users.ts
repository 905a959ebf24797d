import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";

/** Who there is. */
const db = new SQLDatabase("users", { migrations: "./migrations" });

interface User {
  id: number;
  name: string;
}

export const get = api({ method: "GET", path: "/users/:id", expose: true }, async ({ id }: { id: number }) => {
  const user = await db.queryRow<User>`SELECT id, name FROM users WHERE id = ${id}`;
  return user ?? { id: 0, name: "" };
});

export const rename = api({ expose: true }, async ({ id, name }: User): Promise<void> => {
  await using tx = await db.begin();
  await tx.exec`
    UPDATE users
    SET name = ${name}
    WHERE id = ${id}`;
  await tx.exec`INSERT INTO log DEFAULT VALUES`;
  await tx.commit();
});
