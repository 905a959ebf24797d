// @ts-check
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Writes an application of a size, as a grown one looks: services that share a model, types of every kind in each file,
 * generic pages, unions by a tag, rules, wire types, what utility types compute.
 * @param {string} folder
 * @param {{ files: number, endpoints: number }} size
 */
export function writeApplication(folder, { files, endpoints }) {
  const perFile = Math.ceil(endpoints / files);
  write(folder, "package.json", '{ "name": "generated", "type": "module" }\n');
  write(folder, "shared/model.ts", sharedModel);
  for (let file = 0; file < files; file++) {
    const count = Math.min(perFile, endpoints - file * perFile);
    const service = `service${Math.floor(file / 10)}`;
    write(folder, `${service}/resource${file}.ts`, resourceFile(file, count));
    if (file % 10 === 0) {
      write(
        folder,
        `${service}/encore.service.ts`,
        `import { Service } from "encore.dev/service";\nexport default new Service("${service}");\n`,
      );
    }
  }
}

/**
 * The name of a file of the application, relative to its folder.
 * @param {number} file
 */
export function resourcePath(file) {
  return `service${Math.floor(file / 10)}/resource${file}.ts`;
}

const sharedModel = `
export type Id<T extends string> = \`\${T}_\${string}\`;
export interface Page<T> { items: T[]; next: string | null; total: number }
export interface Audit { createdAt: Date; updatedAt?: Date; by: Id<"user"> }
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export enum State { Draft = "draft", Active = "active", Closed = "closed" }
export interface Comment { author: Id<"user">; text: string; replies: Comment[] }
export type Patch<T> = { [K in keyof T]?: T[K] | null };
export type Event<T> = { type: "created"; value: T } | { type: "changed"; value: Patch<T>; at: Date } | { type: "removed"; id: string };
`;

/**
 * @param {number} file
 * @param {number} count
 */
function resourceFile(file, count) {
  const name = `Resource${file}`;
  const model = `import { api, type Header, type Query } from "encore.dev/api";
import type { IsEmail, Max, MaxLen, Min, MinLen } from "encore.dev/validate";
import { type Audit, type Comment, type Event, type Id, type Json, type Page, type Patch, State } from "../shared/model.ts";

/** What this file is about. */
export interface ${name} extends Audit {
  id: Id<"r${file}">;
  /** As people call it. */
  title: string & (MinLen<1> & MaxLen<200>);
  state: State;
  owner: { name: string; email: string & IsEmail; age?: number & (Min<0> & Max<150>) };
  tags: string[];
  position: [x: number, y: number, label?: string];
  attributes: Record<string, Json>;
  related: Set<Id<"r${file}">>;
  comments: Comment[];
  kind: { type: "a"; weight: number } | { type: "b"; size: "s" | "m" | "l" } | { type: "c${file}"; nested: { list: (string | number)[] } };
}
type New${name} = Omit<${name}, keyof Audit | "id" | "comments">;
`;
  let text = model;
  for (let index = 0; index < count; index++) text += endpoint(file, index, name);
  return text;
}

/**
 * @param {number} file
 * @param {number} index
 * @param {string} name
 */
function endpoint(file, index, name) {
  const base = `/r${file}/e${index}`;
  const export_ = `r${file}e${index}`;
  switch (index % 4) {
    case 0:
      return `
interface Find${index} { id: string; expand?: Query<("owner" | "comments")[]>; language?: Header<"Accept-Language"> }
/** Finds one. */
export const ${export_} = api({ method: "GET", path: "${base}/:id", expose: true }, async ({ id }: Find${index}): Promise<${name} & { found${index}: boolean }> => {
  throw new Error(id);
});
`;
    case 1:
      return `
interface Search${index} { text?: string; limit?: number & (Min<1> & Max<${100 + index}>); state?: State; since?: Date }
/** Lists some. */
export const ${export_} = api({ method: "GET", path: "${base}", expose: true }, async (_: Search${index}): Promise<Page<Pick<${name}, "id" | "title" | "state">>> => {
  return { items: [], next: null, total: ${index} };
});
`;
    case 2:
      return `
/** Makes one. */
export const ${export_} = api({ method: "POST", path: "${base}", expose: true }, async (request: New${name} & { note${index}?: string }): Promise<{ id: Id<"r${file}">; events: Event<New${name}>[] }> => {
  return { id: "r${file}_x", events: [{ type: "removed", id: request.title }] };
});
`;
    default:
      return `
/** Changes one. */
export const ${export_} = api({ method: "PATCH", path: "${base}/:id", expose: true }, async ({ id, ...changes }: Patch<New${name}> & { id: string }) => ({ id, changed: Object.keys(changes), at: new Date(), step: ${index} }));
`;
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 */
function write(folder, name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
