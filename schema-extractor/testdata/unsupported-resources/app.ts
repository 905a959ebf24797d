import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";

export const db = new SQLDatabase("main", { migrations: "./migrations" });
export const ok = api({}, async () => {});
