import type { SdkUse } from "../checker/declared-resources.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";

/** What brokers take as it is, or with few changes, and what configuration and commands can name. */
const validName = /^[A-Za-z0-9][A-Za-z0-9_.~+-]{0,199}$/;

/** What a name is of. */
interface Named {
  /** "topic" */
  readonly noun: string;
  readonly code: DiagnosticCode;
  /** A declaration as it should be. */
  readonly example: string;
}

/** The name that a topic or a subscription gives itself; what is wrong with it, or with its place, is reported. */
export function readBrokerName(
  context: DiscoveryContext,
  use: SdkUse,
  parameter: number,
  { noun, code, example }: Named,
): string | undefined {
  if (use.nested) {
    reportAt(context, use.node, code, {
      message: `This ${noun} is declared inside a function, so that it may exist any number of times, or never.`,
      help: `Declare it at the top level of its module: ${example}.`,
    });
    return undefined;
  }
  const argument = use.arguments[parameter];
  const name = argument === undefined ? undefined : context.view.constants.evaluate(argument);
  if (argument === undefined || name?.known !== true || typeof name.value !== "string") {
    const place = argument ?? use.node;
    if (context.diagnostics.hasCompilerErrorOn(context.view.spanOf(place))) return undefined;
    reportAt(context, place, code, {
      message: `A ${noun}'s name has to be a text that is known at build time.`,
      help: `Write it as a literal: ${example}.`,
    });
    return undefined;
  }
  if (validName.test(name.value)) return name.value;
  reportAt(context, argument, code, {
    message: `${JSON.stringify(name.value)} can't be a ${noun}'s name: brokers know it by that, too.`,
    help: "Use letters, digits and _ . ~ + -, begin with a letter or digit, and take no more than 200.",
  });
  return undefined;
}
