// @ts-check
import { Redis } from "ioredis";
import { broker, prefetch, serve } from "./serve.mjs";

const stream = "theirs";
const group = "count";
// Some way behind what is acknowledged; a stream that nobody trims grows for ever.
const kept = 100_000;

await serve(async (handle) => {
  // One connection waits for messages, the other does all else, many commands with one write.
  const reader = new Redis(broker);
  const client = new Redis(broker, { enableAutoPipelining: true });
  await client.xgroup("CREATE", stream, group, "$", "MKSTREAM").catch((/** @type {Error} */ error) => {
    if (!error.message.startsWith("BUSYGROUP")) throw error;
  });

  const consume = async () => {
    for (;;) {
      const answer = /** @type {[string, [string, string[]][]][] | null} */ (
        await reader.xreadgroup("GROUP", group, "one", "COUNT", prefetch, "BLOCK", 5000, "STREAMS", stream, ">")
      );
      const entries = answer?.[0]?.[1] ?? [];
      await Promise.all(entries.map(([, fields]) => handle(fields[1] ?? "")));
      if (entries.length > 0) await client.xack(stream, group, ...entries.map(([id]) => id));
    }
  };
  void consume();
  return (body) => client.xadd(stream, "MAXLEN", "~", kept, "*", "body", body);
});
