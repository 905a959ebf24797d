import type { HostFunctions } from "./host.js";
import type { DecimalConstructor } from "./registry.js";

/** What the values of calls to an endpoint go through; a member that is missing leaves them as they are. */
export interface ValueCheck {
  /** Checks and copies what a service passes. */
  readonly check?: (value: unknown) => CheckResult;
  /** Copies what the handler answers. */
  readonly copy?: (value: unknown) => unknown;
  /** Of a stream: as `check`, for what the caller sends. */
  readonly checkMessage?: (value: unknown) => CheckResult;
  /** Of a stream: as `copy`, for what the handler sends. */
  readonly copyMessage?: (value: unknown) => unknown;
}

export type CheckResult = { ok: true; value: unknown } | { ok: false; message: string; details: unknown };

type Support = object;
type Check = (support: Support) => (value: unknown) => CheckResult;
type Copy = (support: Support) => (value: unknown) => unknown;
type Scripts = [
  request: Check | undefined,
  response: Copy | undefined,
  incoming: Check | undefined,
  outgoing: Copy | undefined,
];

const none: ValueCheck = {};

/** The checks of endpoints by their ids, each made by the host when it is first asked for. */
export function createValueChecks(
  host: HostFunctions,
  decimal: () => DecimalConstructor,
): (endpoint: number) => ValueCheck {
  const known: ValueCheck[] = [];
  let support: Support | undefined;

  function compile(endpoint: number): ValueCheck {
    const source = host.callScripts(endpoint);
    if (source === "") return none;
    support ??= (evaluate(host.callSupport()) as (type: DecimalConstructor, check: unknown) => Support)(
      decimal(),
      (rule: number, text: string) => host.checkRule(rule, text),
    );
    const [request, response, incoming, outgoing] = evaluate(source) as Scripts;
    return {
      ...(request !== undefined && { check: request(support) }),
      // An endpoint that answers nothing has nothing to copy, whatever its handler returns.
      copy: response === undefined ? () => undefined : response(support),
      ...(incoming !== undefined && { checkMessage: incoming(support) }),
      ...(outgoing !== undefined && { copyMessage: outgoing(support) }),
    };
  }

  return (endpoint) => (known[endpoint] ??= compile(endpoint));
}

function evaluate(source: string): unknown {
  return (0, eval)(source);
}
