import type { HostFunctions } from "./host.js";
import type { DecimalConstructor } from "./registry.js";

/** What the values of calls to an endpoint go through; a member that is missing leaves them as they are. */
export interface ValueCheck {
  /** Checks and copies what a service passes. */
  readonly check?: (value: unknown) => CheckResult;
  /** Copies what the handler answers. */
  readonly copy?: (value: unknown) => unknown;
}

export type CheckResult = { ok: true; value: unknown } | { ok: false; message: string; details: unknown };

type Support = object;
type Scripts = [
  request: ((support: Support) => (value: unknown) => CheckResult) | undefined,
  response: ((support: Support) => (value: unknown) => unknown) | undefined,
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
    const [request, response] = evaluate(source) as Scripts;
    return {
      ...(request !== undefined && { check: request(support) }),
      // An endpoint that answers nothing has nothing to copy, whatever its handler returns.
      copy: response === undefined ? () => undefined : response(support),
    };
  }

  return (endpoint) => (known[endpoint] ??= compile(endpoint));
}

function evaluate(source: string): unknown {
  return (0, eval)(source);
}
