import log, { error, info, type Logger, LogLevel, warn } from "encore-host/log";
import { Service } from "encore-host/service";

log.trace("m");
log.info("m", { a: 1, b: "x", c: true, d: null, e: undefined, f: [1, "2", { g: new Date() }], h: 5n, i: new Error() });
log.warn("m", { a: 1 });
log.warn(new Error(), "m", { a: 1 });
log.error(new Error(), { a: 1 });
log.error(new Error());
try {
  info("m");
} catch (caught) {
  error(caught, "m");
  warn(caught);
}
interface Fields {
  id: number;
}
const fields: Fields = { id: 1 };
log.info("m", { ...fields });
export const child: Logger = log.with({ a: 1 }).withLevel(LogLevel.Warn);
export const record: Record<string, string> = {};
child.info("m", record);

// @ts-expect-error a message is a string
log.info(5);
// @ts-expect-error functions are no values for a field
log.info("m", { f: () => 1 });
// @ts-expect-error info takes no error
log.info(new Error(), "m");
// @ts-expect-error no such level
log.fatal("m");

export default new Service("blog");
export const name: string = new Service("blog").name;
// @ts-expect-error a service has a name
new Service();
// @ts-expect-error the name is fixed
new Service("a").name = "b";
