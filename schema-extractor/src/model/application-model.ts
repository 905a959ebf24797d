import type { Span } from "../isolate/protocol.ts";
import type { ModelType } from "./type-model.ts";

/** An application as it is declared, before it becomes an artifact. */
export interface ApplicationModel {
  readonly name: string;
  /** Sorted by name. */
  readonly services: readonly ServiceModel[];
  /** Sorted by service, then name. */
  readonly endpoints: readonly EndpointModel[];
  /** Modules that declare a resource, relative to the root; sorted. */
  readonly modules: readonly string[];
}

/** A service: a folder, and what it is called. */
export interface ServiceModel {
  readonly name: string;
  /** Relative to the root; "" is the root itself. */
  readonly folder: string;
  /** Of `new Service(…)`; null where the folder alone makes the service. */
  readonly span: Span | null;
  readonly doc: string;
}

/** A typed endpoint. */
export interface EndpointModel {
  readonly name: string;
  readonly service: ServiceModel;
  readonly doc: string;
  readonly span: Span;
  /** The module that exports it, relative to the root. */
  readonly module: string;
  readonly exportName: string;
  readonly options: EndpointOptionsModel;
  /** null: the handler takes nothing. */
  readonly request: ModelType | null;
  /** null: the handler answers nothing. */
  readonly response: ModelType | null;
}

export interface EndpointOptionsModel {
  /** Upper case, as declared; "*" alone is any. */
  readonly methods: readonly string[];
  /** null where the declaration is broken, which is reported. */
  readonly path: readonly PathSegmentModel[] | null;
  /** Where the path is declared. */
  readonly pathSpan: Span;
  readonly expose: boolean;
  readonly auth: boolean;
  /** Bytes; null: no limit; undefined: the host's default. */
  readonly bodyLimit: number | null | undefined;
  readonly tags: readonly string[];
  readonly sensitive: boolean;
}

export interface PathSegmentModel {
  readonly kind: "literal" | "parameter" | "wildcard" | "fallback";
  /** The decoded text, or the parameter's name. */
  readonly value: string;
}
