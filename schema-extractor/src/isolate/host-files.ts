import type { FileSystem, Listing } from "../files/file-system.ts";
import type { CompilerFiles } from "./protocol.ts";

const nothing: Listing = { files: [], directories: [] };

/** The host's functions as a file system. */
export function hostFiles(host: CompilerFiles): FileSystem {
  return {
    readFile: (path) => host.readFile(path) ?? undefined,
    fileExists: (path) => host.fileExists(path),
    directoryExists: (path) => host.directoryExists(path),
    realpath: (path) => host.realpath(path),
    listDirectory(path) {
      const listing: unknown = JSON.parse(host.listDirectory(path));
      return isListing(listing) ? listing : nothing;
    },
  };
}

function isListing(value: unknown): value is Listing {
  return typeof value === "object" && value !== null && "files" in value && "directories" in value;
}
