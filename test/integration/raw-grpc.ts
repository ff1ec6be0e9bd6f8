import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceDefinition, UnaryMethod } from '../../src/lib/grpc/definition.ts';
import { readErrorInfo } from '../../src/lib/grpc/status.ts';
import { frame, type RawResponse, rawUnary } from '../../src/lib/testing/raw-call.ts';
import type { TestClient } from '../../src/lib/testing/test-client.ts';
import { type ServiceName, topology } from '../../src/topology.ts';
import type { TestShop } from './test-shop.ts';

/** The path of an RPC, such as `/hipstershop.CartService/GetCart`. */
export function rpcPath(service: ServiceName, rpc: string): string {
  return `/${topology[service].grpcService}/${rpc}`;
}

/** Sends bytes as the request message of an RPC without a gRPC library. Returns the same as `failureOfCall`. */
export async function outcomeOfBytes(
  shop: TestShop,
  service: ServiceName,
  call: { rpc: string; message: Uint8Array; headers?: Record<string, string> },
): Promise<string> {
  const { rpc, message, headers = {} } = call;
  const path = rpc.startsWith('/') ? rpc : rpcPath(service, rpc);
  return outcomeOf(await rawUnary(shop.address(service), path, { body: frame(message), headers }));
}

function outcomeOf(response: RawResponse): string {
  const trailers = response.endedWithHeaders ? response.headers : response.trailers;
  const sent = trailers['grpc-status'];
  if (typeof sent !== 'string') return 'no status';
  const code = status[Number(sent)] ?? sent;
  const reason = readErrorInfo(Metadata.fromHttp2Headers(trailers))?.reason;
  return reason === undefined ? code : `${code} ${reason}`;
}

/** Encodes a length-delimited protobuf field of less than 128 bytes. */
export function bytesField(field: number, bytes: readonly number[] | Uint8Array): Buffer {
  return Buffer.from([(field << 3) | 2, bytes.length, ...bytes]);
}

/** Makes calls whose request messages are the given bytes, on one connection per service. */
export function byteCaller(shop: TestShop): (service: ServiceName, rpc: string, bytes: Uint8Array) => Promise<unknown> {
  const clients = new Map<string, TestClient<BytesDefinition>>();
  return async (service, rpc, bytes) => {
    const path = rpcPath(service, rpc);
    const client = clients.get(path) ?? shop.client(takingBytes(service, rpc), service);
    clients.set(path, client);
    return await client.call(bytes as never);
  };
}

type BytesDefinition = ServiceDefinition & { readonly methods: { readonly call: UnaryMethod } };

const asIs = { encode: (bytes: never) => ({ finish: () => bytes }), decode: (bytes: Uint8Array) => bytes };

function takingBytes(service: ServiceName, rpc: string): BytesDefinition {
  const { grpcService } = topology[service];
  const call: UnaryMethod = {
    name: rpc,
    requestType: asIs,
    requestStream: false,
    responseType: asIs,
    responseStream: false,
    options: {},
  };
  return { name: grpcService, fullName: grpcService, methods: { call } };
}
