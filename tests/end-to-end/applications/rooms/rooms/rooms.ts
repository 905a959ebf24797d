import { api, APIError, type StreamIn, type StreamInOut, type StreamOut } from "encore.dev/api";
import log from "encore.dev/log";
import { Decimal } from "encore.dev/types";
import type { MinLen } from "encore.dev/validate";
import { getAuthData } from "~encore/auth";

export interface Line {
  text: string & MinLen<1>;
  at: Date;
  price: Decimal;
}

/** Answers each line with one of a cent more and a day later. */
export const talk = api.streamInOut(
  { auth: true },
  async ({ room }: { room: string }, stream: StreamInOut<Line, Line>): Promise<void> => {
    if (room === "closed") throw APIError.failedPrecondition("closed for today").withDetails({ room });
    const user = getAuthData()?.userID ?? "";
    log.info("talk begins", { room });
    for await (const { text, at, price } of stream) {
      if (text === "fail") throw APIError.aborted("as you like");
      const next = new Date(at.getTime() + 86_400_000);
      await stream.send({ text: `${user} in ${room}: ${text}`, at: next, price: price.add("0.01") });
    }
    log.info("talk ends", { room });
  },
);

export const total = api.streamIn({}, async (stream: StreamIn<Line>): Promise<{ lines: number; total: Decimal }> => {
  let lines = 0;
  let total = new Decimal(0);
  for await (const { price } of stream) {
    lines++;
    total = total.add(price);
  }
  return { lines, total };
});

export const numbers = api.streamOut(
  {},
  async ({ to }: { to: number }, stream: StreamOut<{ number: bigint; padding: string }>): Promise<void> => {
    const padding = "x".repeat(1000);
    for (let number = 0n; number < to; number++) await stream.send({ number, padding });
  },
);
