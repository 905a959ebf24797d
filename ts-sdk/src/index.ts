/**
 * The application and the request that is being handled.
 *
 * @module
 */
import type { AppMeta } from "./app-meta.js";
import { isolateRuntime } from "./internal/registry.js";
import type { RequestMeta } from "./request-meta.js";

export type {
  AppMeta,
  BuildMeta,
  CloudProvider,
  DeployMeta,
  EnvironmentMeta,
  EnvironmentType,
  HostedService,
} from "./app-meta.js";
export type { Method } from "./api/endpoint.js";
export type {
  APICallMeta,
  APIDesc,
  BaseRequestMeta,
  PubSubMessageMeta,
  RequestMeta,
  TraceData,
} from "./request-meta.js";

/** What runs, and where. Outside a host, as in a unit test: an application without a name, in an environment for tests. */
export function appMeta(): AppMeta {
  return (
    isolateRuntime()?.appMeta() ?? {
      appId: "",
      apiBaseUrl: "",
      environment: { name: "test", type: "test", cloud: "local" },
      build: { revision: "", uncommittedChanges: false },
      deploy: { id: "", hostedServices: {} },
    }
  );
}

isolateRuntime()?.showRequests();

/** What is known of the request that the running code belongs to, also after an `await`; undefined where it belongs to none. */
export function currentRequest(): RequestMeta | undefined {
  return isolateRuntime()?.currentRequest();
}
