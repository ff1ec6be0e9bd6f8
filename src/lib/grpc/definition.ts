/** Encodes and decodes one message, as ts-proto generates it. */
export type MessageCodec = {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
};

/** One unary RPC as ts-proto generates it with `outputServices=generic-definitions`. */
export type UnaryMethod = {
  /** As in the .proto file, such as `GetCart`. */
  readonly name: string;
  readonly requestType: MessageCodec;
  readonly requestStream: false;
  readonly responseType: MessageCodec;
  readonly responseStream: false;
  /** `NO_SIDE_EFFECTS` marks a read; an RPC without a level is a write. Source: google.protobuf.MethodOptions. */
  readonly options: { readonly idempotencyLevel?: 'IDEMPOTENT' | 'NO_SIDE_EFFECTS' };
};

/** A service as ts-proto generates it, such as `CartServiceDefinition`. */
export type ServiceDefinition = {
  readonly name: string;
  /** Such as `hipstershop.CartService`. */
  readonly fullName: string;
  readonly methods: Readonly<Record<string, UnaryMethod>>;
};

/** The request message of an RPC. */
export type RequestOf<M extends UnaryMethod> = ReturnType<M['requestType']['decode']>;

/** The response message of an RPC. */
export type ResponseOf<M extends UnaryMethod> = ReturnType<M['responseType']['decode']>;

/** One unary RPC as grpc-js takes it. */
export type WireMethod = {
  /** Such as `/hipstershop.CartService/GetCart`. */
  readonly path: string;
  readonly requestStream: false;
  readonly responseStream: false;
  readonly requestSerialize: (message: unknown) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (message: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
};

/** The RPCs of a definition as grpc-js takes them, by the names of the handlers, such as `getCart`. */
export function wireMethods<D extends ServiceDefinition>(
  definition: D,
): Readonly<Record<keyof D['methods'], WireMethod>> {
  const entries = Object.entries(definition.methods).map(([key, method]) => [key, wireMethod(definition, method)]);
  return Object.fromEntries(entries) as Record<keyof D['methods'], WireMethod>;
}

function wireMethod(definition: ServiceDefinition, method: UnaryMethod): WireMethod {
  const { requestType, responseType } = method;
  return {
    path: `/${definition.fullName}/${method.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => Buffer.from(requestType.encode(message as never).finish()),
    requestDeserialize: (bytes) => requestType.decode(bytes),
    responseSerialize: (message) => Buffer.from(responseType.encode(message as never).finish()),
    responseDeserialize: (bytes) => responseType.decode(bytes),
  };
}

/** The names of the RPCs of a definition, as in the .proto file. */
export function rpcNames(definition: ServiceDefinition): string[] {
  return Object.values(definition.methods).map(({ name }) => name);
}

/** True for an RPC that changes nothing: any caller or proxy may repeat it. */
export function isRead(method: UnaryMethod): boolean {
  return method.options.idempotencyLevel === 'NO_SIDE_EFFECTS';
}

/** The name of an RPC in its path: `GetCart` of `/hipstershop.CartService/GetCart`. */
export function rpcName({ path }: Pick<WireMethod, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
