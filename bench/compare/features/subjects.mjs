// @ts-check
import { fileURLToPath } from "node:url";

/** @typedef {Pick<import("../contestants.mjs").Contestant, "title" | "environment" | "start">} Subject */

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

export const app = path("app");
export const appOutput = path("app/dist");
export const loadProject = path("load/Features.Load.csproj");
export const loadOutput = path("../artifacts/features-load");
export const load = path("../artifacts/features-load/features-load");
export const kestrelProject = path("kestrel/Features.Kestrel.csproj");
export const kestrelOutput = path("../artifacts/features-kestrel");

/**
 * @param {string} host the `encore-host` program
 * @returns {Subject}
 */
export function ours(host) {
  return {
    title: "encore-host",
    environment: { ENCORE_NOLOG: "1" },
    start: (port) => ({
      command: host,
      args: ["run", path("app/dist/app.js"), "--host", "127.0.0.1", "--port", String(port)],
    }),
  };
}

/** Sends back the text that came. */
export const bunEcho = bun("Bun, text sent back");

/** Parses and checks each message, and writes it anew: what encore-host does. */
export const bunChecked = bun("Bun + Zod", "--validate");

/** @type {Subject} */
export const kestrelFiles = {
  title: "Kestrel's static files",
  environment: { DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS: "1", ASPNETCORE_ENVIRONMENT: "Production" },
  start: () => ({
    command: path("../artifacts/features-kestrel/features-kestrel"),
    args: [path("app/files/public")],
  }),
};

/**
 * @param {string} title
 * @param {...string} args
 * @returns {Subject}
 */
function bun(title, ...args) {
  return {
    title,
    environment: {},
    start: () => ({
      command: path("../node_modules/@oven/bun-linux-x64/bin/bun"),
      args: [path("servers/echo.bun.ts"), ...args],
    }),
  };
}
