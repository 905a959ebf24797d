import type { AsyncContext } from "./async-context.js";
import type { TopicBinding } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import type { IsolateRuntime, Operation } from "./registry.js";

/** The host's operation; its value is the message's id. */
const operationKind = "pubsub.publish";

/** The application's topics. */
export class TopicTable {
  #topics: ReadonlyMap<string, TopicBinding> | undefined;

  /** The application is loaded. */
  bind(topics: readonly TopicBinding[]): void {
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]));
  }

  /** A topic by its name. @throws where the application has none of that name, or isn't loaded yet */
  find(name: string): TopicBinding {
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
 * Publishes messages. The host gets `{topic, message, deliverAt?, trace?, session?, place?}`: the message in the form that JSON carries, the
 * publishing call's place in its trace as W3C Trace Context has it, and of a transaction its number and the message's place among its statements.
 */
export function createPublish(
  topics: TopicTable,
  context: AsyncContext,
  start: (kind: string, payload: unknown) => Operation,
): IsolateRuntime["publish"] {
  return (name, message, deliverAt, within) => {
    const { lower } = topics.find(name);
    const call = context.get() as CallContext | undefined;
    const payload = {
      topic: name,
      message: lower === undefined ? message : lower(message),
      deliverAt,
      trace: call?.traceParent,
    };
    if (within === undefined) return start(operationKind, payload);
    return start(operationKind, {
      ...payload,
      session: within.session,
      // Taken last, when the message has become text: a place that nothing is sent for would hold up the statements after it.
      get place() {
        return within.next();
      },
    });
  };
}
