import { api } from "encore.dev/api";
import { rooms } from "~encore/clients";

export const visit = api({}, async (): Promise<void> => {
  await rooms.talk({ rom: "lobby" });
  const count = await rooms.count();
  await count.send({ words: "x" });
  await (await rooms.listen()).send({ text: "", at: new Date() });
});
