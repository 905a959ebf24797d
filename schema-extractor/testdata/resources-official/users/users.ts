import { api } from "encore.dev/api";
import { secret } from "encore.dev/config";
import { CronJob } from "encore.dev/cron";

const salt = secret("PASSWORD_SALT");
export const pepper = secret("PASSWORD_PEPPER");

export const me = api({ method: "GET", path: "/me", expose: true, auth: true }, async (): Promise<{ salted: boolean }> => ({
  salted: salt() !== "",
}));
export const cleanUp = api({}, async () => {});
/** Every night. */
const _ = new CronJob("clean-up", { title: "Removes old users", schedule: "0 4 * * *", endpoint: cleanUp });
new CronJob("count", { every: "6h", endpoint: cleanUp });
