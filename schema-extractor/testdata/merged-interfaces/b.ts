import type { Local } from "./a.ts";
declare global { interface SharedMessage { fromB?: Date } }
declare module "./a.ts" { interface Local { three: boolean } }
export type { Local };
