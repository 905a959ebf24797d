/** A message: 100 bytes as JSON. */
export interface DrivenMessage {
  run: number;
  number: number;
  sent: number;
  text: string;
}

/** What a run came to. Times in milliseconds, from the call of publish to the handler. */
export interface Figures {
  seconds: number;
  handled: number;
  duplicates: number;
  errors: number;
  p50: number;
  p99: number;
}

export interface Driver {
  /** The handler of every message. */
  handled(message: DrivenMessage): void;
  /** Publishes so many messages, at most `window` of them unhandled at a time, and waits until all are handled. */
  run(messages: number, window: number): Promise<Figures>;
}

export function createDriver(publish: (message: DrivenMessage) => Promise<unknown>): Driver;
