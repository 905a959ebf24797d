import { api } from "encore.dev/api";
import { Subscription, Topic } from "encore.dev/pubsub";

const patient = new Topic<{ number: number; padding: string }>("patient", { deliveryGuarantee: "at-least-once" });
const quick = new Topic<{ number: number }>("quick", { deliveryGuarantee: "at-least-once" });
const endless = new Topic<{ number: number }>("endless", { deliveryGuarantee: "at-least-once" });

const counts = { begun: 0, ended: 0, quick: 0, endless: 0 };
let release = () => {};
const released = new Promise<void>((resolve) => {
  release = resolve;
});
let isRunning = true;

const _patient = new Subscription(patient, "waiter", {
  maxConcurrency: 50,
  handler: async () => {
    counts.begun++;
    await released;
    counts.ended++;
  },
});

const _quick = new Subscription(quick, "counter", {
  handler: async () => {
    counts.quick++;
  },
});

/** Keeps the thread busy, and makes as much work as it has done. */
const _endless = new Subscription(endless, "worker", {
  maxConcurrency: 20,
  handler: async ({ number }) => {
    const end = performance.now() + 3;
    while (performance.now() < end) continue;
    counts.endless++;
    if (isRunning) await endless.publish({ number: number + 1 });
  },
});

export const state = api({ method: "GET", path: "/state", expose: true }, async () => counts);

export const fill = api(
  { method: "POST", path: "/fill", expose: true },
  async ({ count, bytes }: { count: number; bytes: number }): Promise<void> => {
    const padding = "x".repeat(bytes);
    const batch = 500;
    for (let number = 0; number < count; number += batch) {
      const numbers = Array.from({ length: Math.min(batch, count - number) }, (_, index) => number + index);
      await Promise.all(numbers.map((number) => patient.publish({ number, padding })));
    }
  },
);

export const hurry = api(
  { method: "POST", path: "/hurry", expose: true },
  async ({ count }: { count: number }): Promise<void> => {
    await Promise.all(Array.from({ length: count }, (_, number) => quick.publish({ number })));
  },
);

export const begin = api({ method: "POST", path: "/begin", expose: true }, async (): Promise<void> => {
  await Promise.all(Array.from({ length: 200 }, (_, number) => endless.publish({ number })));
});

export const stop = api({ method: "POST", path: "/stop", expose: true }, async (): Promise<void> => {
  isRunning = false;
});

export const letGo = api({ method: "POST", path: "/release", expose: true }, async (): Promise<void> => {
  release();
});
