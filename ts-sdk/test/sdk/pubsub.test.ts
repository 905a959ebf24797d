import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Settlement } from "../../src/internal/registry.js";
import { Subscription, Topic } from "../../src/pubsub/index.js";

interface Signup {
  user: string;
}

suite("topics in unit tests", () => {
  const config = { deliveryGuarantee: "at-least-once" } as const;
  const topic = new Topic<Signup>("signups", config);

  test("publishing says what is missing", async () => {
    await assert.rejects(topic.publish({ user: "ada" }), {
      message:
        "publishing to the topic signups needs a host: run the application with encore-host, or replace the topic's publish in tests",
    });
  });

  test("a subscription can be declared, and its handler called", async () => {
    const handled: string[] = [];
    const subscription = new Subscription(topic, "greet", {
      handler: ({ user }) => {
        handled.push(user);
        return Promise.resolve();
      },
    });
    await subscription.cfg.handler({ user: "ada" });
    assert.deepEqual(handled, ["ada"]);
    assert.equal(subscription.topic, topic);
    assert.equal(subscription.name, "greet");
  });

  test("a topic and its reference are one, with the name and what it was declared with", () => {
    assert.equal(topic.ref(), topic);
    assert.deepEqual(Object.entries(topic), [
      ["name", "signups"],
      ["cfg", config],
    ]);
  });
});

suite("topics in a host", () => {
  const published: unknown[][] = [];
  const subscribed = new Map<string, (message: unknown) => unknown>();
  const symbol = Symbol.for("encore-host.runtime");

  test("a failure is told with what the host says of it, and where it was published", async () => {
    const failure = Object.assign(new Error("no broker", { cause: "deep" }), { name: "PublishError", transient: true });
    Reflect.set(globalThis, symbol, {
      publish: (_topic: string, _message: object, settlement: Settlement) => {
        setImmediate(() => {
          settlement.fail(failure);
        });
      },
    });
    try {
      const topic = new Topic<Signup>("signups", { deliveryGuarantee: "at-least-once" });
      async function signUp(): Promise<string> {
        return await topic.publish({ user: "ada" });
      }
      await assert.rejects(signUp(), (error: Error & { transient?: boolean }) => {
        assert.deepEqual(
          [error.name, error.message, error.cause, error.transient],
          ["PublishError", "no broker", "deep", true],
        );
        assert.match(error.stack ?? "", /signUp/);
        return true;
      });
    } finally {
      Reflect.deleteProperty(globalThis, symbol);
    }
  });

  test("publishing passes everything on, and handlers are called with their configuration as this", async () => {
    Reflect.set(globalThis, symbol, {
      publish: (topic: string, message: object, settlement: Settlement, ...more: unknown[]) => {
        published.push([topic, message, ...more]);
        setImmediate(() => {
          settlement.complete("id-1", null);
        });
      },
      subscribe: (topic: string, name: string, handler: (message: unknown) => unknown) =>
        void subscribed.set(`${topic}/${name}`, handler),
    });
    try {
      const topic = new Topic<Signup>("signups", { deliveryGuarantee: "at-least-once" });
      assert.equal(await topic.publish({ user: "ada" }, { deliverAt: new Date(5) }), "id-1");
      assert.deepEqual(published, [["signups", { user: "ada" }, "1970-01-01T00:00:00.005Z", undefined]]);
      await assert.rejects(topic.publish({ user: "ada" }, { deliverAt: new Date("soon") }), {
        name: "TypeError",
        message: "a message of the topic signups can't be delivered at an invalid date",
      });
      const config = {
        greeting: "hello ",
        handler(this: { greeting: string }, { user }: Signup) {
          return Promise.resolve(this.greeting + user);
        },
      };
      new Subscription(topic, "greet", config);
      assert.equal(await subscribed.get("signups/greet")?.({ user: "ada" }), "hello ada");
    } finally {
      Reflect.deleteProperty(globalThis, symbol);
    }
  });
});
