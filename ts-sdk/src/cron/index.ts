/**
 * Cron jobs: endpoints that the host calls by the clock.
 *
 * @module
 */
import type { DurationString } from "../types/index.js";

/** When a cron job runs, and what it calls. */
export type CronJobConfig = {
  /** The endpoint it calls; it takes no parameters. */
  endpoint: () => Promise<unknown>;
  /** What people call it. */
  title?: string;
} & (
  | {
      /** How often, from midnight UTC on; a day is a whole number of such periods. */
      every: DurationString;
    }
  | {
      /** A cron expression of five fields, in UTC: `"0 4 * * 1"` is every Monday at four. */
      schedule: string;
    }
);

/**
 * A cron job.
 *
 * ```ts
 * const _ = new CronJob("clean-up", { title: "Removes what nobody needs", every: "6h", endpoint: cleanUp });
 * ```
 */
export class CronJob {
  /** Its name: a literal, unique in the application. */
  readonly name: string;
  /** What it was declared with. */
  readonly cfg: CronJobConfig;

  constructor(name: string, cfg: CronJobConfig) {
    this.name = name;
    this.cfg = cfg;
  }
}
