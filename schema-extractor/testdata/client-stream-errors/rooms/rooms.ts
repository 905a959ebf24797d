import * as encore from "encore.dev/api";
import { api } from "encore.dev/api";

interface Join {
  room: string;
}
export interface Said {
  text: string;
  at: Date;
}

export const talk = api.streamInOut<Join, { text: string }, Said>({ path: "/talk/:room" }, async (_, stream) => {
  for await (const { text } of stream) await stream.send({ text, at: new Date() });
});
export const listen = encore.api.streamOut<Said>({ path: "/listen" }, async (stream) => {
  await stream.send({ text: "", at: new Date() });
});
export const count = api.streamIn<{ word: string }, { words: number }>({ path: "/count" }, async (stream) => {
  let words = 0;
  for await (const message of stream) words += message.word.length;
  return { words };
});
export const now = api({}, async (): Promise<{ at: Date }> => ({ at: new Date() }));
