/** `node:fs/promises`; see `index.ts`. */
import { promises } from "./index.js";

export const {
  access,
  appendFile,
  constants,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  writeFile,
} = promises;

export default promises;
