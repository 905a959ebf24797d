import type { AsyncContext } from "./async-context.js";
import type { TopicBinding } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import type { IsolateRuntime, Settlement } from "./registry.js";

/** The host's operations; their value is the message's id. */
const publishKind = "pubsub.publish";
const publishWithinKind = "pubsub.publish-within";

/** A topic that can be published to. */
interface KnownTopic extends TopicBinding {
  /** Its name as JSON. */
  readonly quotedName: string;
}

/** The application's topics. */
export class TopicTable {
  #topics: ReadonlyMap<string, KnownTopic> | undefined;

  /** The application is loaded. */
  bind(topics: readonly TopicBinding[]): void {
    this.#topics = new Map(topics.map((topic) => [topic.name, { ...topic, quotedName: JSON.stringify(topic.name) }]));
  }

  /** A topic by its name. @throws where the application has none of that name, or isn't loaded yet */
  find(name: string): KnownTopic {
    if (this.#topics === undefined) {
      throw new Error(
        `nothing can be published to the topic ${name} while the application is loaded: publish in a handler, or in what a timer runs`,
      );
    }
    const topic = this.#topics.get(name);
    if (topic === undefined) {
      throw new Error(
        `no topic of the application is called ${name}: declare it at the top level of a module by new Topic("${name}", …)`,
      );
    }
    return topic;
  }
}

/**
 * Publishes messages. The host gets `[topic, message, trace, deliverAt]`: the message in the form that JSON carries, the publishing call's place in
 * its trace as W3C Trace Context has it; for a transaction also its number and the message's place among its statements.
 */
export function createPublish(
  topics: TopicTable,
  context: AsyncContext,
  start: (kind: string, payload: string, settlement: Settlement) => void,
): IsolateRuntime["publish"] {
  return (name, message, settlement, deliverAt, within) => {
    const { lower, quotedName } = topics.find(name);
    const text = (JSON.stringify(lower === undefined ? message : lower(message)) as string | undefined) ?? "null";
    const call = context.get() as CallContext | undefined;
    const trace = call === undefined ? "null" : `"${call.traceParent}"`;
    const time = deliverAt === undefined ? "null" : `"${deliverAt}"`;
    const payload = `[${quotedName},${text},${trace},${time}`;
    if (within === undefined) start(publishKind, `${payload}]`, settlement);
    // The place is taken last, when the message has become text: one that nothing is sent for would hold up the statements after it.
    else start(publishWithinKind, `${payload},${within.session},${within.next()}]`, settlement);
  };
}
