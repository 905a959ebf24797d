import { LocalStream } from "./local-stream.js";
import { endpointSymbol } from "./registry.js";
import { callerObject, streamObject } from "./stream-classes.js";

type Handler = (...args: unknown[]) => unknown;

/** An exported endpoint. */
type Endpoint = Handler & { [endpointSymbol]?: { kind: string; handler: Handler } };

const unchanged = (message: unknown): unknown => message;

/**
 * What `~encore/clients` holds of a service where no host runs: in unit tests each endpoint is its own function, without checks, middleware
 * and user.
 *
 * @param endpoints by their names; functions, since modules that import each other are there one after the other
 */
export function unitClient(endpoints: Record<string, () => unknown>): Record<string, unknown> {
  const client: Record<string, unknown> = {};
  for (const [name, find] of Object.entries(endpoints)) client[name] = unitFunction(find as () => Endpoint);
  client.ref = () => client;
  return client;
}

function unitFunction(find: () => Endpoint): (first?: unknown) => Promise<unknown> {
  return async (first) => {
    const endpoint = find();
    const declared = endpoint[endpointSymbol];
    if (declared?.kind.startsWith("stream") !== true) return endpoint(first);
    return await openStream(declared.kind, declared.handler, first);
  };
}

async function openStream(kind: string, handler: Handler, first: unknown): Promise<object> {
  const local = new LocalStream({ incoming: unchanged, outgoing: unchanged });
  const stream = streamObject(kind, local.handlerEnd);
  local.handlerEnd.open();
  const serve = async (): Promise<void> => {
    try {
      local.finish(await (handler.length > 1 ? handler(first, stream) : handler(stream)));
    } catch (error) {
      local.fail(error);
    }
  };
  void serve();
  await local.opened;
  return callerObject(kind, local.callerEnd);
}
