/** One unary RPC as ts-proto generates it. `never` and `unknown` stand for whatever its messages are. */
export type UnaryMethod = {
  readonly path: string;
  readonly requestStream: false;
  readonly responseStream: false;
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (value: never) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
};

/** A service as ts-proto generates it, such as `CartServiceService`: one entry an RPC. */
export type ServiceDefinition = Readonly<Record<string, UnaryMethod>>;

/** The request message of an RPC. */
export type RequestOf<M extends UnaryMethod> = Parameters<M['requestSerialize']>[0];

/** The response message of an RPC. */
export type ResponseOf<M extends UnaryMethod> = Parameters<M['responseSerialize']>[0];

/** The full service name of a definition, such as `hipstershop.CartService`. */
export function fullServiceName(definition: ServiceDefinition): string {
  const [first] = Object.values(definition);
  if (first === undefined) throw new Error('a service without RPCs');
  return first.path.slice(1, first.path.lastIndexOf('/'));
}

/** The name of an RPC as in the .proto file, such as `GetCart`. */
export function rpcName(method: Pick<UnaryMethod, 'path'>): string {
  return method.path.slice(method.path.lastIndexOf('/') + 1);
}
