/**
 * Services: a folder with a file `encore.service.ts` is one, with all folders below it.
 *
 * @module
 */
import type { Middleware } from "../api/middleware.js";

/** What a service has besides its name. */
export interface ServiceConfig {
  /** What runs around the service's endpoints, outermost first. */
  middlewares?: Middleware[];
}

/**
 * A service: the default export of `encore.service.ts` in the service's folder.
 *
 * ```ts
 * export default new Service("blog");
 * ```
 */
export class Service {
  /** The service's name: a literal, unique in the application. */
  readonly name: string;
  /** What it was declared with. */
  readonly cfg: ServiceConfig;

  constructor(name: string, cfg: ServiceConfig = {}) {
    this.name = name;
    this.cfg = cfg;
  }
}
