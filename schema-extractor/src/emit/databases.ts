import { create } from "@bufbuild/protobuf";
import {
  type Application,
  MigrationSource,
  SqlColumnSchemaSchema,
  SqlDatabaseSchemaSchema,
  SqlInsertedSchemaSchema,
  type SqlQuerySchema,
  SqlQuerySchemaSchema,
  SqlValueKind,
} from "../../generated/application_pb.js";
import type {
  ApplicationModel,
  MigrationsModel,
  SqlQueryModel,
  SqlValueKind as KindModel,
} from "../model/application-model.ts";
import { encodable } from "./scalars.ts";
import type { SourceTable } from "./source-table.ts";

const migrationSources: Readonly<Record<MigrationsModel["source"], MigrationSource>> = {
  plain: MigrationSource.PLAIN,
  drizzle: MigrationSource.DRIZZLE,
  drizzleV1: MigrationSource.DRIZZLE_V1,
  prisma: MigrationSource.PRISMA,
};

const valueKinds: Readonly<Record<KindModel, SqlValueKind>> = {
  string: SqlValueKind.STRING,
  number: SqlValueKind.NUMBER,
  boolean: SqlValueKind.BOOLEAN,
  bigint: SqlValueKind.BIGINT,
  date: SqlValueKind.DATE,
  decimal: SqlValueKind.DECIMAL,
  bytes: SqlValueKind.BYTES,
  array: SqlValueKind.ARRAY,
  object: SqlValueKind.OBJECT,
};

/** Emits the databases that an application declares, and the statements that are known. */
export function emitDatabases(model: ApplicationModel, application: Application, sources: SourceTable): void {
  for (const { name, doc, span, migrations } of model.databases) {
    const emitted = create(SqlDatabaseSchemaSchema, { name, doc: encodable(doc), position: sources.position(span) });
    if (migrations !== null) {
      emitted.migrations = migrations.folder;
      emitted.migrationSource = migrationSources[migrations.source];
    }
    application.sqlDatabases.push(emitted);
  }
  for (const query of model.queries) {
    application.sqlQueries.push(emitQuery(query, model.databases.indexOf(query.database), sources));
  }
}

function emitQuery(query: SqlQueryModel, database: number, sources: SourceTable): SqlQuerySchema {
  return create(SqlQuerySchemaSchema, {
    database,
    text: encodable(query.text),
    parameters: query.parameters,
    position: sources.position(query.span),
    parts: query.parts.map((part) => sources.position(part)),
    inserted: query.inserted.map(({ span, kinds }) =>
      create(SqlInsertedSchemaSchema, { position: sources.position(span), kinds: emitKinds(kinds) }),
    ),
    columns: query.columns.map(({ name, kinds, optional }) =>
      create(SqlColumnSchemaSchema, { name: encodable(name), kinds: emitKinds(kinds), optional }),
    ),
  });
}

function emitKinds(kinds: ReadonlySet<KindModel>): SqlValueKind[] {
  return [...kinds].map((kind) => valueKinds[kind]).sort((left, right) => left - right);
}
