import { once } from 'node:events';
import { dirname, join } from 'node:path';
import {
  Client,
  type ClientReadableStream,
  credentials,
  type MethodDefinition,
  Server,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { type CurrencyServer, startCurrencyServer } from '../testing/currency-server.ts';
import { eventually } from '../testing/eventually.ts';
import { addReflection } from './reflection.ts';

const NAME = 'hipstershop.CurrencyService';

/** A service definition from a proto file of an installed package. */
function shipped(protoFile: string, serviceName: string): Record<string, MethodDefinition<object, object>> {
  const options = { keepCase: true, enums: String, defaults: false } as const;
  const loaded: PackageDefinition = loadSync(protoFile, options);
  return loaded[serviceName] as unknown as Record<string, MethodDefinition<object, object>>;
}

const healthProto = join(dirname(require.resolve('grpc-health-check/package.json')), 'proto/health/v1/health.proto');
const health = shipped(healthProto, 'grpc.health.v1.Health');

let server: CurrencyServer;
let client: Client;

beforeEach(async () => {
  server = await startCurrencyServer();
  client = new Client(server.address, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
});

function rpc(name: string): MethodDefinition<object, object> {
  const method = health[name];
  if (method === undefined) throw new Error(`no RPC ${name}`);
  return method;
}

/** The status that a health check returns, or the code it fails with. */
async function check(service: string): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = rpc('Check');
  return await new Promise((resolve) => {
    client.makeUnaryRequest<object, object>(
      path,
      requestSerialize,
      responseDeserialize,
      { service },
      (error: ServiceError | null, response?: object) =>
        resolve(error === null ? (response as { status: string }).status : status[error.code]),
    );
  });
}

function watch(service: string): { seen: string[]; stream: ClientReadableStream<object> } {
  const { path, requestSerialize, responseDeserialize } = rpc('Watch');
  const stream = client.makeServerStreamRequest<object, object>(path, requestSerialize, responseDeserialize, {
    service,
  });
  const seen: string[] = [];
  stream.on('data', (response: { status: string }) => seen.push(response.status));
  stream.on('error', () => {});
  return { seen, stream };
}

describe('the health service', () => {
  it('returns SERVING for the server and for the service by its full name', async () => {
    expect(await check('')).toBe('SERVING');
    expect(await check(NAME)).toBe('SERVING');
  });

  it('returns SERVING for liveness even when the server is not ready', async () => {
    server.setReady(false);
    expect(await check('')).toBe('NOT_SERVING');
    expect(await check('liveness')).toBe('SERVING');
    server.startDraining();
    expect(await check('liveness')).toBe('SERVING');
  });

  it.each(['CurrencyService', 'hipstershop.CartService', 'x'])(
    'returns NOT_FOUND for the unknown name %s',
    async (name) => {
      expect(await check(name)).toBe('NOT_FOUND');
    },
  );

  it('sends every change to its watchers', async () => {
    const watches = [watch(''), watch(NAME)];
    await eventually('the first status has arrived', () => watches.every(({ seen }) => seen.length === 1));
    server.setReady(false);
    server.setReady(true);
    server.startDraining();
    await eventually('the last status has arrived', () => watches.every(({ seen }) => seen.length === 4));
    for (const { seen, stream } of watches) {
      expect(seen).toEqual(['SERVING', 'NOT_SERVING', 'SERVING', 'NOT_SERVING']);
      stream.cancel();
    }
  });

  it('returns NOT_SERVING once draining has begun, even when the service reports ready', async () => {
    server.startDraining();
    server.setReady(true);
    expect([await check(''), await check(NAME)]).toEqual(['NOT_SERVING', 'NOT_SERVING']);
  });
});

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  const protoFile = join(
    dirname(require.resolve('@grpc/reflection/package.json')),
    `build/proto/grpc/reflection/${version}/reflection.proto`,
  );
  const reflection = shipped(protoFile, `grpc.reflection.${version}.ServerReflection`);

  async function ask(request: object): Promise<Record<string, never>> {
    const method = reflection.ServerReflectionInfo;
    if (method === undefined) throw new Error('no RPC');
    const stream = client.makeBidiStreamRequest<object, object>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
    );
    const answered = once(stream, 'data');
    stream.write(request);
    const [response] = await answered;
    const ended = once(stream, 'end');
    stream.end();
    await ended;
    return response as Record<string, never>;
  }

  it('lists the service', async () => {
    const response = await ask({ list_services: '' });
    expect(response.list_services_response).toMatchObject({ service: expect.arrayContaining([{ name: NAME }]) });
  });

  it('returns the descriptors of its messages, including nested ones', async () => {
    const response = await ask({ file_containing_symbol: `${NAME}.Convert` });
    const { file_descriptor_proto: files } = response.file_descriptor_response as unknown as {
      file_descriptor_proto: Buffer[];
    };
    const text = files.map((file) => file.toString('latin1')).join();
    for (const name of ['CurrencyConversionRequest', 'to_code', 'Money', 'nanos']) expect(text).toContain(name);
  });
});

describe('reflection', () => {
  it('fails at the start of the server, not at the first request, when the proto file is missing', () => {
    expect(() => addReflection(new Server(), 'hipstershop/nowhere.proto')).toThrow('nowhere.proto');
  });
});
