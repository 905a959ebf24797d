declare namespace legacy {
  interface Row { id: number; values: (string | null)[] }
  interface Config { host: string; port?: number }
}
declare function legacy(config: legacy.Config): legacy.Row[];
export = legacy;
