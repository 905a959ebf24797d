import { SQLDatabase } from "encore.dev/storage/sqldb";

/** Where posts are. The host starts a PostgreSQL for it, and applies the migrations before the first request. */
export const db = new SQLDatabase("blog", { migrations: "./migrations" });
