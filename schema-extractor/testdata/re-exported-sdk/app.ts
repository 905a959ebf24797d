import { endpoint, type HeaderOf, type validate } from "./lib/sdk.ts";

const local = endpoint;
export const renamed = endpoint({ method: "GET" }, async (_: { trace: HeaderOf<"X-Trace"> }) => {});
export const constant = local({}, async (_: { name: string & validate.MinLen<1> }) => {});
