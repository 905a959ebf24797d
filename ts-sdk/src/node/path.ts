/** Node's `path`, as it is on POSIX systems. */
import path from "path-browserify";

export const { basename, delimiter, dirname, extname, format, isAbsolute, join, normalize, parse, posix, relative } =
  path;
export const { resolve, sep } = path;

/** Means something on Windows only. */
export const toNamespacedPath = (each: string): string => each;

export default Object.assign(path, { toNamespacedPath });
