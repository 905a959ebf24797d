import { api } from "encore.dev/api";
import { rooms } from "~encore/clients";

const clock = async (service: Pick<rooms.Client, "now">): Promise<Date> => (await service.now()).at;

export const visit = api({}, async (): Promise<{ words: number; at: Date }> => {
  const talk = await rooms.talk({ room: "lobby" }, { authData: { userID: "1" } });
  await talk.send({ text: "hello" });
  const { text, at } = await talk.recv();
  await talk.close();
  const listen = await rooms.listen();
  for await (const said of listen) if (said.text.length > text.length) break;
  const count = await rooms.count();
  await count.send({ word: "one" });
  await count.close();
  const { words } = await count.response();
  return { words, at: at < new Date() ? at : await clock(rooms.ref()) };
});
