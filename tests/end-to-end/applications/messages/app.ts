import { api } from "encore.dev/api";
import { type Attribute, Subscription, Topic } from "encore.dev/pubsub";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { currentRequest } from "encore.dev";
import { Decimal } from "encore.dev/types";

interface Parcel {
  key: Attribute<string>;
  number: number;
  at: Date;
  price: Decimal;
  big: bigint;
}

const parcels = new Topic<Parcel>("parcels", { deliveryGuarantee: "at-least-once", orderingAttribute: "key" });
const chores = new Topic<{ what: string }>("chores", { deliveryGuarantee: "at-least-once" });
const db = new SQLDatabase("messages", { migrations: "./migrations" });

const values: unknown[] = [];

const quickRetries = { minBackoff: "1ms", maxBackoff: "5ms", maxRetries: 2 } as const;

const _kept = new Subscription(parcels, "kept", {
  handler: async (parcel) => {
    await db.exec`INSERT INTO handled (key, number) VALUES (${parcel.key}, ${parcel.number})`;
    if (parcel.key === "values") {
      const request = currentRequest();
      values.push({
        types: [parcel.at instanceof Date, parcel.price instanceof Decimal, typeof parcel.big],
        values: [parcel.at.toISOString(), String(parcel.price), String(parcel.big)],
        topic: request?.type === "pubsub-message" ? [request.topic, request.subscription, request.deliveryAttempt] : [],
      });
    }
  },
  retryPolicy: quickRetries,
});

let attempts = 0;
let heals = false;

const _stubborn = new Subscription(chores, "stubborn", {
  handler: async ({ what }) => {
    attempts++;
    if (!heals) throw new Error(`can't ${what}`);
  },
  retryPolicy: quickRetries,
});

const _other = new Subscription(chores, "other", { handler: async () => undefined });

export const send = api(
  { method: "POST", path: "/parcels", expose: true },
  async ({ key, from, count }: { key: string; from: number; count: number }): Promise<{ ids: string[] }> => {
    const numbers = Array.from({ length: count }, (_, index) => from + index);
    const at = new Date("2026-01-02T03:04:05.678Z");
    const ids = await Promise.all(
      numbers.map((number) => parcels.publish({ key, number, at, price: new Decimal("1.10"), big: 2n ** 60n })),
    );
    return { ids };
  },
);

export const handled = api(
  { method: "GET", path: "/handled/:key", expose: true },
  async ({ key }: { key: string }): Promise<{ numbers: number[]; values: unknown[] }> => {
    const rows = await db.queryAll<{ number: number }>`SELECT number FROM handled WHERE key = ${key} ORDER BY id`;
    return { numbers: rows.map((row) => row.number), values };
  },
);

/** What a topic's type doesn't allow, as a caller without types would send it. */
export const wrong = api({ method: "GET", path: "/wrong", expose: true }, async (): Promise<{ failure: string }> => {
  try {
    await chores.publish({ what: 5 } as unknown as { what: string });
    return { failure: "" };
  } catch (error) {
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : "" };
  }
});

export const chore = api(
  { method: "POST", path: "/chores", expose: true },
  async ({ what }: { what: string }): Promise<{ id: string }> => ({ id: await chores.publish({ what }) }),
);

export const stubbornness = api(
  { method: "POST", path: "/attempts", expose: true },
  async (request: { heals: boolean }): Promise<{ attempts: number }> => {
    heals = request.heals;
    return { attempts };
  },
);

/** Publishes within a transaction that is kept or undone; a wrong message in it doesn't hold its statements up. */
export const within = api(
  { method: "POST", path: "/within", expose: true },
  async ({ key, commits }: { key: string; commits: boolean }): Promise<{ failed: boolean }> => {
    await using tx = await db.begin();
    const parcel = { key, number: 1, at: new Date(0), price: new Decimal("0"), big: 1n };
    await parcels.publish(parcel, { transaction: tx });
    const failed = await parcels.publish({ ...parcel, number: "x" } as unknown as Parcel, { transaction: tx }).then(
      () => false,
      () => true,
    );
    await tx.exec`INSERT INTO handled (key, number) VALUES (${key}, 0)`;
    if (commits) await tx.commit();
    return { failed };
  },
);

export const later = api(
  { method: "POST", path: "/later", expose: true },
  async ({ key, milliseconds }: { key: string; milliseconds: number }): Promise<void> => {
    const parcel = { key, number: 1, at: new Date(0), price: new Decimal("0"), big: 1n };
    await parcels.publish(parcel, { deliverAt: new Date(Date.now() + milliseconds) });
  },
);
