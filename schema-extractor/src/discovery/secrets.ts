import type { SdkUse } from "../checker/declared-resources.ts";
import type { Span } from "../isolate/protocol.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";

/** What an environment variable can be called. */
const validName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads `secret("NAME")`. */
export function readSecret(context: DiscoveryContext, use: SdkUse): { name: string; span: Span } | undefined {
  const [argument] = use.arguments;
  const name = argument === undefined ? undefined : context.view.constants.evaluate(argument);
  if (argument === undefined || name?.known !== true || typeof name.value !== "string") {
    reportAt(context, argument ?? use.node, "secret-invalid", {
      message: "A secret's name has to be known at build time.",
      help: 'Write it as a literal: secret("API_KEY").',
    });
    return undefined;
  }
  if (!validName.test(name.value)) {
    reportAt(context, argument, "secret-invalid", {
      message: `"${name.value}" can't be a secret's name: its value comes from the environment.`,
      help: "Use letters, digits and _, and don't start with a digit.",
    });
    return undefined;
  }
  return { name: name.value, span: context.view.spanOf(use.node) };
}
