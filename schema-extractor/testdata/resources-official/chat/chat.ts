import { api, type Header, type StreamInOut, type StreamOut } from "encore.dev/api";
import { secret } from "encore.dev/config";

interface Handshake {
  room: string;
  since?: number;
  language?: Header<"Accept-Language">;
}
interface Said {
  text: string;
}
interface Heard extends Said {
  at: Date;
}

/** Talk to others. */
export const chat = api.streamInOut<Handshake, Said, Heard>({ path: "/chat/:room", expose: true, tags: ["live"] }, async (_, stream) => {
  for await (const { text } of stream) await stream.send({ text, at: new Date(0) });
});
export const upload = api.streamIn(
  { path: "/upload", expose: true, auth: true },
  async (handshake: { name: string }, stream: AsyncIterable<Said> & { recv(): Promise<Said> }): Promise<{ count: number }> => {
    let count = 0;
    for await (const _ of stream) count++;
    return { count: count + handshake.name.length };
  },
);
export const ticks = api.streamOut(
  { expose: true, sensitive: true },
  async (stream: StreamOut<{ tick: number }>): Promise<void> => {
    await stream.send({ tick: 1 });
  },
);
export const plain = api.streamInOut({}, async (stream: StreamInOut<Said, Heard>) => {
  await stream.close();
});
export const key = secret("PASSWORD_SALT");
