/**
 * The extractor as an ES module, for programs that run on Node.
 *
 * @module
 */
export type { FileSystem, Listing } from "./files/file-system.ts";
export type {
  CheckResult,
  CompilerFiles,
  Diagnostic,
  Extractor,
  OpenRequest,
  RelatedPlace,
  Severity,
  Span,
} from "./isolate/protocol.ts";
export { protocolVersion } from "./isolate/protocol.ts";
export { createExtractor } from "./isolate/extractor.ts";
export { type Extraction, Session } from "./session/session.ts";
