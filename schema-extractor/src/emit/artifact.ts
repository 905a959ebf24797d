import { create, toBinary } from "@bufbuild/protobuf";
import {
  type Application,
  ApplicationSchema,
  BodyLimitSchema,
  EndpointKind,
  type EndpointSchema,
  EndpointSchemaSchema,
  PathSegmentKind,
  ServiceSchemaSchema,
  StaticSchemaSchema,
  StreamSchemaSchema,
} from "../../generated/application_pb.js";
import type { ApplicationModel, EndpointModel, PathSegmentModel } from "../model/application-model.ts";
import type { EmittedTypes } from "./emitted-types.ts";
import { mergeTypes } from "./merge-types.ts";
import { emitResources } from "./resources.ts";
import { encodable } from "./scalars.ts";
import { SourceTable } from "./source-table.ts";
import { TypeTable } from "./type-table.ts";

const formatVersion = 1;

const endpointKinds: Readonly<Record<EndpointModel["kind"], EndpointKind>> = {
  typed: EndpointKind.TYPED,
  raw: EndpointKind.RAW,
  streamIn: EndpointKind.STREAM_IN,
  streamOut: EndpointKind.STREAM_OUT,
  streamInOut: EndpointKind.STREAM_IN_OUT,
  static: EndpointKind.STATIC,
};

const segmentKinds: Readonly<Record<PathSegmentModel["kind"], PathSegmentKind>> = {
  literal: PathSegmentKind.LITERAL,
  parameter: PathSegmentKind.PARAMETER,
  wildcard: PathSegmentKind.WILDCARD,
  fallback: PathSegmentKind.FALLBACK,
};

/** The artifact's bytes: the same for the same model. @param emitted types of earlier artifacts of the same application */
export function emitArtifact(
  model: ApplicationModel,
  generator: string,
  typescriptVersion: string,
  emitted: EmittedTypes,
): Uint8Array {
  return toBinary(ApplicationSchema, emitApplication(model, generator, typescriptVersion, emitted));
}

function emitApplication(
  model: ApplicationModel,
  generator: string,
  typescriptVersion: string,
  emittedTypes: EmittedTypes,
): Application {
  const sources = new SourceTable();
  const types = new TypeTable(sources, emittedTypes);
  const application = create(ApplicationSchema, {
    formatVersion,
    name: model.name,
    build: { generator, typescriptVersion },
  });
  for (const service of model.services) {
    const { name, folder, doc, span } = service;
    const emitted = create(ServiceSchemaSchema, { name, folder, doc });
    if (span !== null) emitted.position = sources.position(span);
    if (service.exported !== null) {
      sources.add(service.exported.module);
      emitted.exportName = service.exported.exportName;
    }
    emitted.calls = (model.calls.get(service) ?? []).map((called) => model.services.indexOf(called));
    application.services.push(emitted);
  }
  for (const endpoint of model.endpoints) {
    const service = model.services.indexOf(endpoint.service);
    application.endpoints.push(emitEndpoint(endpoint, service, types, sources));
  }
  const resources = emitResources(model, application, types, sources);
  application.files = [...sources.finish()];
  const merged = mergeTypes(types.types, emittedTypes.texts(application.files));
  application.types = merged.types;
  const number = (type: number): number => merged.numbers[type] ?? -1;
  for (const [index, { exported }] of model.services.entries()) {
    const emitted = application.services[index];
    if (emitted !== undefined && exported !== null) emitted.module = sources.indexOf(exported.module);
  }
  for (const [index, endpoint] of model.endpoints.entries()) {
    const emitted = application.endpoints[index];
    if (emitted === undefined) continue;
    emitted.module = sources.indexOf(endpoint.module);
    if (emitted.request !== undefined) emitted.request = number(emitted.request);
    if (emitted.response !== undefined) emitted.response = number(emitted.response);
    const { stream } = emitted;
    if (stream?.incoming !== undefined) stream.incoming = number(stream.incoming);
    if (stream?.outgoing !== undefined) stream.outgoing = number(stream.outgoing);
  }
  resources.complete(number);
  return application;
}

function emitEndpoint(
  endpoint: EndpointModel,
  service: number,
  types: TypeTable,
  sources: SourceTable,
): EndpointSchema {
  const { options } = endpoint;
  sources.add(endpoint.module);
  const emitted = create(EndpointSchemaSchema, {
    name: endpoint.name,
    service,
    doc: endpoint.doc,
    position: sources.position(endpoint.span),
    exportName: endpoint.exportName,
    methods: [...options.methods],
    path: (options.path ?? []).map((segment) => ({ kind: segmentKinds[segment.kind], value: segment.value })),
    expose: options.expose,
    auth: options.auth,
    tags: options.tags.map(encodable),
    sensitive: options.sensitive,
    kind: endpointKinds[endpoint.kind],
  });
  if (options.bodyLimit === null) emitted.bodyLimit = bodyLimit({ unlimited: true });
  else if (options.bodyLimit !== undefined) emitted.bodyLimit = bodyLimit({ bytes: BigInt(options.bodyLimit) });
  if (endpoint.request !== null) emitted.request = types.idOf(endpoint.request);
  if (endpoint.response !== null) emitted.response = types.idOf(endpoint.response);
  if (endpoint.stream !== null) {
    const { incoming, outgoing } = endpoint.stream;
    emitted.stream = create(StreamSchemaSchema, {
      ...(incoming !== null && { incoming: types.idOf(incoming) }),
      ...(outgoing !== null && { outgoing: types.idOf(outgoing) }),
    });
  }
  if (endpoint.static !== null) {
    const { dir, notFound, notFoundStatus, headers } = endpoint.static;
    emitted.static = create(StaticSchemaSchema, {
      dir,
      notFound,
      notFoundStatus,
      headers: headers.map(([name, value]) => ({ name, value })),
    });
  }
  return emitted;
}

function bodyLimit(limit: { bytes?: bigint; unlimited?: boolean }) {
  return create(BodyLimitSchema, limit);
}
