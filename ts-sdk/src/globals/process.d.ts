declare namespace NodeJS {
  /** The environment's variables. */
  interface ProcessEnv {
    [name: string]: string | undefined;
  }

  interface HRTime {
    (time?: [number, number]): [number, number];
    /** Nanoseconds of a clock that never goes back. */
    bigint(): bigint;
  }

  interface Process {
    /** The host's folder, in which relative paths begin. */
    cwd(): string;
    env: ProcessEnv;
    hrtime: HRTime;
    nextTick(callback: Function, ...args: any[]): void;
    uptime(): number;
  }
}

declare var process: NodeJS.Process;
