/** The part of `readable-stream` that the runtime uses; it is Node's own streams, as a package. */
declare module "readable-stream" {
  class Emitter {
    on(event: string, listener: (...args: never[]) => void): this;
    once(event: string, listener: (...args: never[]) => void): this;
    off(event: string, listener: (...args: never[]) => void): this;
    emit(event: string, ...args: unknown[]): boolean;
  }

  export class Readable extends Emitter {
    constructor(options?: { highWaterMark?: number });
    readonly destroyed: boolean;
    push(chunk: Uint8Array | null): boolean;
    read(size?: number): unknown;
    resume(): this;
    destroy(error?: Error): this;
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  }

  export class Writable extends Emitter {
    constructor(options?: { highWaterMark?: number; decodeStrings?: boolean });
    readonly destroyed: boolean;
    readonly writableEnded: boolean;
    readonly writableFinished: boolean;
    write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean;
    end(chunk?: unknown, encoding?: unknown, callback?: unknown): this;
    destroy(error?: Error): this;
  }
}
