import { api, middleware } from "encore.dev/api";
import { secret } from "encore.dev/config";
import { CronJob } from "encore.dev/cron";

const name = Math.random() > 2 ? "A" : "B";
export const takes = api({}, async (_: { id: number }) => {});
export const job = api({}, async () => {});
new CronJob("takes", { every: "1h", endpoint: takes as never });
new CronJob("rare", { every: "7h", endpoint: job });
new CronJob("odd", { schedule: "every day", endpoint: job });
new CronJob("none", { endpoint: job } as never);
new CronJob("twice", { every: "1h", endpoint: job });
new CronJob("twice", { every: "2h", endpoint: job });
new CronJob(name, { every: "1h", endpoint: job });
new CronJob("function", { every: "1h", endpoint: async () => {} });
secret(name as "A");
secret("not-a-name");
middleware({ target: { expose: Math.random() > 2 } }, async (request, next) => next(request));
