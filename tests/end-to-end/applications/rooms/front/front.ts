import { api, Gateway, type Header, type StreamInOut } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
import { Decimal } from "encore.dev/types";
import { rooms } from "~encore/clients";
import type { Line } from "../rooms/rooms";

export const auth = authHandler(async ({ token }: { token: Header<"X-Token"> }): Promise<{ userID: string }> => ({
  userID: token,
}));

export const gateway = new Gateway({ authHandler: auth });

/** Passes what its client says on to a room, and back what that answers. */
export const talk = api.streamInOut(
  { path: "/talk/:room", expose: true, auth: true },
  async ({ room }: { room: string }, client: StreamInOut<Line, Line>): Promise<void> => {
    const talk = await rooms.talk({ room });
    const passOn = async (): Promise<void> => {
      for await (const line of client) await talk.send(line);
      await talk.close();
    };
    const passing = passOn();
    for await (const line of talk) await client.send(line);
    await client.close();
    await passing;
  },
);

export const total = api(
  { method: "GET", path: "/total", expose: true },
  async ({ lines }: { lines: number }): Promise<{ lines: number; total: Decimal }> => {
    const stream = await rooms.total();
    for (let i = 0; i < lines; i++) await stream.send({ text: "line", at: new Date(), price: new Decimal("0.10") });
    await stream.close();
    return stream.response();
  },
);

export const sum = api(
  { method: "GET", path: "/sum", expose: true },
  async ({ to }: { to: number }): Promise<{ sum: bigint }> => {
    let sum = 0n;
    for await (const { number } of await rooms.numbers({ to })) sum += number;
    return { sum };
  },
);
