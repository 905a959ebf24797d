import { isList } from "../checker/constants.ts";
import type { SdkUse } from "../checker/declared-resources.ts";
import type { NodeHandle } from "../checker/handles.ts";
import type { SqlTemplate } from "../checker/sql-templates.ts";
import type { TypeReader } from "../checker/type-reader.ts";
import { folderOf, isWithin, resolvePath } from "../files/paths.ts";
import type { DatabaseModel, MigrationsModel, SqlQueryModel } from "../model/application-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { invalidOption, type Option, readOptions } from "./endpoint-options.ts";
import { sqlColumnsOf, sqlKindsOf } from "./sql-kinds.ts";

/** What PostgreSQL takes without quotes, and what fits into file names and configuration keys. */
const validName = /^[a-z][a-z0-9_-]{0,62}$/;

const sources: Readonly<Record<string, MigrationsModel["source"]>> = {
  prisma: "prisma",
  drizzle: "drizzle",
  "drizzle/v1": "drizzleV1",
};

const configParameter = 1;

/** Reads a database: `new SQLDatabase("blog", { migrations: "./migrations" })`. */
export function readDatabase(context: DiscoveryContext, use: SdkUse): DatabaseModel | undefined {
  const name = readName(context, use);
  if (name === undefined) return undefined;
  return {
    name,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    migrations: readMigrations(context, use),
  };
}

/** Reads `SQLDatabase.named("…")`; one of a database that nothing declares is reported. */
export function checkDatabaseReference(
  context: DiscoveryContext,
  use: SdkUse,
  databases: ReadonlyMap<string, DatabaseModel>,
): string | undefined {
  const name = readName(context, use);
  if (name === undefined || databases.has(name)) return name;
  const known = [...databases.keys()].map((other) => `"${other}"`).join(", ");
  reportAt(context, use.arguments[0] ?? use.node, "database-invalid", {
    message: `No database of the application is called "${name}"${known === "" ? "" : `; there is ${known}`}.`,
    help: `Declare it once: new SQLDatabase("${name}", { migrations: "./migrations" }).`,
  });
  return undefined;
}

/** The statements whose database is known: the one they follow from, or the only one there is. */
export function readQueries(
  types: TypeReader,
  templates: readonly SqlTemplate[],
  databaseOf: ReadonlyMap<unknown, string>,
  databases: ReadonlyMap<string, DatabaseModel>,
): SqlQueryModel[] {
  const only = databases.size === 1 ? [...databases.values()][0] : undefined;
  return templates.flatMap(({ database, inserted, row, ...query }) => {
    const name = database === undefined ? undefined : databaseOf.get(database);
    const model = (name === undefined ? undefined : databases.get(name)) ?? only;
    if (model === undefined) return [];
    return {
      ...query,
      database: model,
      inserted: inserted.map(({ span, type }) => ({ span, kinds: sqlKindsOf(types, type) })),
      columns: row === undefined ? [] : sqlColumnsOf(types, row),
    };
  });
}

/** The name that a declaration or a reference gives; what is wrong with it is reported. */
function readName(context: DiscoveryContext, use: SdkUse): string | undefined {
  const [argument] = use.arguments;
  const name = argument === undefined ? undefined : context.view.constants.evaluate(argument);
  if (argument === undefined || name?.known !== true || typeof name.value !== "string") {
    reportAt(context, argument ?? use.node, "database-invalid", {
      message: "A database's name has to be known at build time.",
      help: 'Write it as a literal: new SQLDatabase("blog", …).',
    });
    return undefined;
  }
  if (validName.test(name.value)) return name.value;
  reportAt(context, argument, "database-invalid", {
    message: `"${name.value}" can't be a database's name: it is PostgreSQL's name of it, too.`,
    help: "Use lower-case letters, digits, _ and -, start with a letter, and take no more than 63.",
  });
  return undefined;
}

function readMigrations(context: DiscoveryContext, use: SdkUse): MigrationsModel | null {
  const argument = use.arguments[configParameter];
  if (argument === undefined) return null;
  const { entries } = context.view.constants.entries(argument);
  const migrations = entries.find(({ name }) => name === "migrations");
  // What the others hold is the program's business.
  readOptions(context, argument, "a database", ["migrations", "statementTimeout"]);
  if (migrations === undefined) return null;
  const direct = context.view.constants.evaluate(migrations.value);
  if (direct.known) return folder(context, use, { value: direct.value, node: migrations.value }, "plain");
  const options = readOptions(context, migrations.value, "a database's migrations");
  const path = options.get("path");
  if (path === undefined) return null;
  return folder(context, use, path, readSource(context, options.get("source")));
}

function readSource(context: DiscoveryContext, option: Option | undefined): MigrationsModel["source"] {
  if (option?.value === undefined) return "plain";
  const source = typeof option.value === "string" ? sources[option.value] : undefined;
  if (source === undefined) invalidOption(context, option, 'source is "prisma", "drizzle" or "drizzle/v1"');
  return source ?? "plain";
}

function folder(
  context: DiscoveryContext,
  use: SdkUse,
  { value, node }: { value: Option["value"]; node: NodeHandle },
  source: MigrationsModel["source"],
): MigrationsModel | null {
  if (value === undefined) return null;
  if (typeof value !== "string" || isList(value)) {
    invalidOption(context, { value, node }, "migrations is a folder, or { path, source }");
    return null;
  }
  const place = resolvePath(folderOf(use.file), value);
  if (isWithin(context.root, place)) return { folder: context.view.fileName(place), source };
  reportAt(context, node, "database-invalid", {
    message: `The migrations are in "${value}", which lies outside the application's folder.`,
    help: "Keep them in the application, where every host of it finds them.",
    member: "migrations",
  });
  return null;
}
