/**
 * The script that the host evaluates: sets `globalThis.extractor`. See `protocol.ts`.
 */
import "./text-encoding.ts";
import { createExtractor } from "./extractor.ts";
import type { CompilerFiles } from "./protocol.ts";

const global = globalThis as typeof globalThis & { __compiler?: CompilerFiles; extractor?: unknown };
const host = global.__compiler;
if (host === undefined) throw new Error("The host has to set globalThis.__compiler before it evaluates the extractor.");
global.extractor = createExtractor(host);
