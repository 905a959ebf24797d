import { api } from "encore.dev/api";
import { runFiles } from "./files.js";
import { runPaths } from "./paths.js";

/** @param {{ folder: string }} request */
export const files = api({ method: "POST", path: "/files", expose: true }, async ({ folder }) => ({
  text: JSON.stringify(await runFiles(folder)),
}));

export const paths = api({ method: "GET", path: "/paths", expose: true }, async () => ({
  text: JSON.stringify(runPaths()),
}));
