/**
 * Services: a folder with a file `encore.service.ts` is one, with all folders below it.
 *
 * @module
 */

/** What a service has besides its name. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- its members come with the primitives they refer to
export interface ServiceConfig {}

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
