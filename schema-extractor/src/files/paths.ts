/**
 * Paths as the extractor keeps them: absolute, `/` between parts, no trailing slash.
 *
 * Node's `path` is not here: the isolate has no Node.
 */

/** The folder a path lies in; a root is its own folder. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return path;
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `name` below `folder`. */
export function join(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** `path` seen from `folder`, with its `.` and `..` followed; what leads above the root stays there. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : join(folder, path)).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return (folder.startsWith("/") ? "/" : "") + parts.join("/");
}

/** Whether `path` is `folder` or below it. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** `path` seen from `folder`: "" for itself, `a/b` below it, `../x` beside it. */
export function relativePath(folder: string, path: string): string {
  if (path === folder) return "";
  if (isWithin(folder, path)) return path.slice(folder.endsWith("/") ? folder.length : folder.length + 1);
  const from = folder.split("/");
  const to = path.split("/");
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  // Nothing in common but the root (or not even the drive): only the absolute path says where it is.
  if (shared <= 1) return path;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

/** Orders texts by their UTF-16 units, the same everywhere and in every locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
