import { api } from "encore.dev/api";
import { CacheCluster } from "encore.dev/storage/cache";
import { Bucket } from "encore.dev/storage/objects";
import { SQLDatabase } from "encore.dev/storage/sqldb";

export const hook = api.raw({ path: "/hook" }, async () => {});
export const db = new SQLDatabase("main");
export const files = new Bucket("files");
export const cache = new CacheCluster("cache", { evictionPolicy: "noeviction" });
export const tick = api({}, async () => {});
