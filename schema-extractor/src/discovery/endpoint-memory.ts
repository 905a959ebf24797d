import type { SdkUse } from "../checker/declared-resources.ts";
import type { NodeHandle } from "../checker/handles.ts";
import type { EndpointModel, ServiceModel } from "../model/application-model.ts";

/**
 * Endpoints as an earlier check read them, for those whose files say the same.
 *
 * Only what was read without a complaint is kept: a finding about a type that two endpoints share is reported with the first
 * of them, and would be gone when that one is.
 */
export class EndpointMemory {
  #endpoints = new WeakMap<NodeHandle, EndpointModel>();
  #names: string | undefined;

  /** A check begins. @param names what the application calls types that have no names of their own: it shows in others */
  begin(names: string): void {
    if (names !== this.#names) this.forget();
    this.#names = names;
  }

  keep(use: SdkUse, endpoint: EndpointModel): void {
    this.#endpoints.set(use.node, endpoint);
  }

  /** What is known of a use, in a service of now; the caller knows that its file hasn't changed. */
  recall(use: SdkUse, service: ServiceModel): EndpointModel | undefined {
    const known = this.#endpoints.get(use.node);
    // A path that isn't given begins with the service's name.
    return known?.service.name === service.name ? { ...known, service } : undefined;
  }

  forget(): void {
    this.#endpoints = new WeakMap();
  }
}
