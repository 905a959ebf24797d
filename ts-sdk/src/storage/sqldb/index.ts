/// <reference lib="esnext.disposable" preserve="true" />
/**
 * SQL databases: PostgreSQL, embedded unless the configuration says where it is.
 *
 * @module
 */
export { Connection } from "./connection.js";
export { SQLDatabase, type SQLDatabaseConfig, type SQLMigrationsConfig } from "./database.js";
export { SQLError } from "./error.js";
export { type Notification, NotificationListener } from "./listener.js";
export type { CopyRow } from "./copy.js";
export type { Primitive } from "./parameters.js";
export type { Range } from "./kinds.js";
export type { Row } from "./rows.js";
export { type IsolationLevel, Transaction, type TransactionOptions } from "./transaction.js";
