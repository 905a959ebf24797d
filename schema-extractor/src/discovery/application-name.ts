import { readLenientJson } from "../checker/application-view.ts";
import type { FileSystem } from "../files/file-system.ts";
import { baseName, join, relativePath } from "../files/paths.ts";

/** The application's name: encore.app's id, else package.json's name, else the folder's. */
export function applicationName(root: string, files: FileSystem): string {
  return (
    textMember(readLenientJson(files, join(root, "encore.app")), "id") ??
    textMember(readLenientJson(files, join(root, "package.json")), "name") ??
    (baseName(root) === "" ? "app" : baseName(root))
  );
}

/** A name that a service may have, out of one that a package, or a folder, has: "@acme/Shop API" → "shop-api". */
export function serviceNameFrom(name: string): string {
  const words = name
    .slice(name.lastIndexOf("/") + 1)
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[^A-Za-z]+|-+$/g, "")
    .toLowerCase();
  return words === "" ? "app" : words;
}

/** What a folder that is a service without saying so is called: the root (or `src` in it) like the application, others by their own names. */
export function impliedServiceName(root: string, folder: string, application: string): string {
  const relative = relativePath(root, folder);
  const last = relative.slice(relative.lastIndexOf("/") + 1);
  return serviceNameFrom(relative === "" || relative === "src" ? application : last);
}

function textMember(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const member: unknown = Reflect.get(value, name);
  return typeof member === "string" && member !== "" ? member : undefined;
}
