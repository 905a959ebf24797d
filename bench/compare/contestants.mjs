// @ts-check
import { fileURLToPath } from "node:url";

/** @typedef {import("./options.mjs").ContestantName} ContestantName */

/**
 * @typedef {object} Contestant
 * @property {ContestantName} name
 * @property {string} title
 * @property {boolean} validates false for the limit, which answers whatever it is sent
 * @property {Record<string, string>} environment besides NODE_ENV and PORT
 * @property {(port: number) => { command: string, args: string[] }} start
 */

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

export const folder = path(".");
export const repository = path("../../");
export const kestrelProject = path("kestrel/Compare.Kestrel.csproj");
export const kestrelOutput = path("artifacts/kestrel");
export const app = path("app");
export const appOutput = path("app/dist");
export const defaultHost = path("../../ts-sdk/bin/encore-host");

/**
 * @param {string} host the `encore-host` program
 * @returns {Readonly<Record<ContestantName, Contestant>>}
 */
export function contestants(host) {
  return {
    ours: {
      name: "ours",
      title: "encore-host",
      validates: true,
      environment: { ENCORE_NOLOG: "1" },
      start: (port) => ({
        command: host,
        args: ["run", path("app/dist/app.js"), "--host", "127.0.0.1", "--port", String(port)],
      }),
    },
    kestrel: {
      name: "kestrel",
      title: "Kestrel, bare (limit)",
      validates: false,
      environment: { DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS: "1", ASPNETCORE_ENVIRONMENT: "Production" },
      start: () => ({ command: path("artifacts/kestrel/compare-kestrel"), args: [] }),
    },
    bun: {
      name: "bun",
      title: "Bun + Zod",
      validates: true,
      environment: {},
      start: () => ({ command: path("node_modules/@oven/bun-linux-x64/bin/bun"), args: [path("servers/bun.ts")] }),
    },
    fastify: {
      name: "fastify",
      title: "Fastify + Ajv",
      validates: true,
      environment: {},
      start: () => ({ command: process.execPath, args: [path("servers/fastify.mjs")] }),
    },
    express: {
      name: "express",
      title: "Express + Zod",
      validates: true,
      environment: {},
      start: () => ({ command: process.execPath, args: [path("servers/express.mjs")] }),
    },
  };
}
