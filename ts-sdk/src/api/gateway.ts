import type { AuthHandlerBrand } from "../auth/index.js";

/** How requests come in. */
export interface GatewayConfig {
  /** Finds out who makes a request. */
  authHandler?: AuthHandlerBrand;
}

/** The way in for requests from outside; an application that authenticates its callers has one. */
export class Gateway {
  readonly name: string = "api-gateway";
  /** What it was declared with. */
  readonly cfg: GatewayConfig;

  constructor(cfg: GatewayConfig) {
    this.cfg = cfg;
  }
}

/** What a call between services may say besides the parameters. */
export interface CallOpts {
  /** Who makes the call, in place of whoever made the one that it is part of; an application's own type is in `~encore/auth`. */
  authData?: { userID: string };
}
