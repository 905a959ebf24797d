import { compilerVersion } from "../checker/application-view.ts";
import { type Extraction, Session } from "../session/session.ts";
import { toBase64 } from "./base64.ts";
import { hostFiles } from "./host-files.ts";
import { type CheckResult, type CompilerFiles, type Extractor, type OpenRequest, protocolVersion } from "./protocol.ts";

/** The script's side of the protocol, over the host's side. */
export function createExtractor(host: CompilerFiles): Extractor {
  const sessions = new Map<number, Session>();
  let opened = 0;

  const create = (text: string): Session => {
    const request = JSON.parse(text, (_, value: unknown) => value ?? undefined) as OpenRequest;
    if (request.protocol !== protocolVersion) {
      throw new Error(`The host speaks version ${request.protocol} of the protocol, the extractor ${protocolVersion}.`);
    }
    return new Session(request, hostFiles(host));
  };

  return {
    protocol: protocolVersion,
    typescriptVersion: compilerVersion,
    run: (request) => toText(create(request).check()),
    open(request) {
      const session = create(request);
      sessions.set(++opened, session);
      return opened;
    },
    check(id, changes) {
      const session = sessions.get(id);
      if (session === undefined) throw new Error(`There is no session ${id}.`);
      return toText(session.check(changes === "" ? undefined : (JSON.parse(changes) as string[])));
    },
    close(id) {
      sessions.delete(id);
    },
  };
}

function toText(extraction: Extraction): string {
  const { artifact } = extraction;
  const result: CheckResult = { ...extraction, artifact: artifact === null ? null : toBase64(artifact) };
  return JSON.stringify(result);
}
