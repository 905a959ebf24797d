import { api } from "encore.dev/api";
import { calls } from "~encore/clients";

interface Item {
  id: number;
  name: string;
}

export const hello = api({ expose: true, method: "GET", path: "/hello" }, async (): Promise<{ message: string }> => {
  return { message: "Hello, World" };
});

export const wrapped = api(
  { expose: true, method: "GET", path: "/wrapped", tags: ["wrapped"] },
  async (): Promise<{ message: string }> => ({ message: "Hello, World" }),
);

export const item = api({ expose: true, method: "POST", path: "/item" }, async ({ id, name }: Item): Promise<Item> => ({
  id,
  name,
}));

interface Timing {
  nanoseconds: number;
}

/** The mean time of a call to another endpoint in this process. */
export const internal = api(
  { expose: true, method: "POST", path: "/internal" },
  async ({ times }: { times: number }): Promise<Timing> =>
    await timed(times, async () => {
      await calls.item({ id: 1, name: "Kettle" });
    }),
);

/** The same by HTTP. */
export const loopback = api(
  { expose: true, method: "POST", path: "/loopback" },
  async ({ times, origin }: { times: number; origin: string }): Promise<Timing> =>
    await timed(times, async () => {
      const response = await fetch(`${origin}/item`, { method: "POST", body: `{"id":1,"name":"Kettle"}` });
      await response.json();
    }),
);

async function timed(times: number, call: () => Promise<void>): Promise<Timing> {
  const start = performance.now();
  for (let i = 0; i < times; i++) await call();
  return { nanoseconds: ((performance.now() - start) * 1e6) / times };
}
