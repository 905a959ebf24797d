import { create } from "@bufbuild/protobuf";
import {
  type Application,
  MigrationSource,
  SqlDatabaseSchemaSchema,
  SqlQuerySchemaSchema,
} from "../../generated/application_pb.js";
import type { ApplicationModel, MigrationsModel } from "../model/application-model.ts";
import { encodable } from "./scalars.ts";
import type { SourceTable } from "./source-table.ts";

const migrationSources: Readonly<Record<MigrationsModel["source"], MigrationSource>> = {
  plain: MigrationSource.PLAIN,
  drizzle: MigrationSource.DRIZZLE,
  drizzleV1: MigrationSource.DRIZZLE_V1,
  prisma: MigrationSource.PRISMA,
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
  for (const { database, text, parameters, span, parts } of model.queries) {
    application.sqlQueries.push(
      create(SqlQuerySchemaSchema, {
        database: model.databases.indexOf(database),
        text: encodable(text),
        parameters,
        position: sources.position(span),
        parts: parts.map((part) => sources.position(part)),
      }),
    );
  }
}
