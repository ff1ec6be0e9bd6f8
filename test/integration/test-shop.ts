import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tracer } from '@opentelemetry/api';
import { type OneProcessOptions, startInOneProcess } from '../../src/launcher/one-process.ts';
import type { RunningShop } from '../../src/launcher/shop.ts';
import type { Environment } from '../../src/lib/config/config.ts';
import type { ServiceDefinition } from '../../src/lib/grpc/definition.ts';
import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { LOOPBACK } from '../../src/lib/net/listen.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { type ObserveCall, observingTracer } from '../../src/lib/testing/observed-calls.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { type TestClient, testClient } from '../../src/lib/testing/test-client.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { LONG_BUDGETS } from './long-budgets.ts';

/** The logs of every service of a shop, from level debug up. */
export type ShopLogs = {
  /** Lines of one service are in their order; the field `service` names it. */
  readonly lines: () => Record<string, unknown>[];
  /** All lines as JSON text. */
  readonly text: () => string;
  /** The lines of level error and fatal. */
  readonly errors: () => Record<string, unknown>[];
};

/** The whole shop in this process. Disposing it closes its clients, stops it and removes its mails. */
export type TestShop = AsyncDisposable & {
  /** Where the storefront answers: `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** `host:port` of a service. */
  readonly address: (service: ServiceName) => string;
  /** The RPCs of a service; the connection closes with the shop. */
  readonly client: <D extends ServiceDefinition>(definition: D, service: ServiceName) => TestClient<D>;
  readonly logs: ShopLogs;
  /** Where the mails are written, one `.eml` file each. */
  readonly mailDirectory: string;
};

export type TestShopOptions = Pick<OneProcessOptions, 'interpose'> & {
  /** Variables for the services; DATA_DIR and MAIL_DIR are by default in a temporary folder. */
  readonly env?: Environment;
  /** Called once per RPC that one service makes to another. */
  readonly observe?: ObserveCall;
  /** Makes the tracer of a service; without it there are no spans. */
  readonly tracerOf?: (service: string) => Promise<Tracer>;
};

/** The services that speak gRPC, in the order of the topology. */
export const grpcServiceNames: readonly ServiceName[] = serviceNames.filter(
  (name) => topology[name].protocol === 'grpc',
);

/**
 * Starts every service with a real clock and real ids, on ports the system chooses, and waits until all of them are
 * ready.
 */
export async function startTestShop(options: TestShopOptions = {}): Promise<TestShop> {
  const folder = temporaryFolder();
  const mailDirectory = join(folder.path, 'mail');
  mkdirSync(mailDirectory);
  const captures: ReturnType<typeof testRuntime>['logs'][] = [];
  const runtimeOf = async (service: string) => {
    const runtime = testRuntime({
      service,
      now: Date.now,
      newId: randomUUID,
      randomBelow: (limit) => randomInt(limit),
      ...(options.observe === undefined ? {} : { tracer: observingTracer(service, options.observe) }),
      ...(options.tracerOf === undefined ? {} : { tracer: await options.tracerOf(service) }),
    });
    captures.push(runtime.logs);
    return runtime;
  };
  try {
    const shop = await startInOneProcess({
      env: { DATA_DIR: join(folder.path, 'data'), MAIL_DIR: mailDirectory, ...LONG_BUDGETS, ...options.env },
      frontend: { host: LOOPBACK, port: 0 },
      runtimeOf,
      ...(options.interpose === undefined ? {} : { interpose: options.interpose }),
    });
    return await readyShop(shop, { captures, mailDirectory, folder });
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

async function readyShop(
  shop: RunningShop,
  parts: {
    captures: readonly { lines: Record<string, unknown>[]; text: () => string }[];
    mailDirectory: string;
    folder: Disposable;
  },
): Promise<TestShop> {
  const clients: Disposable[] = [];
  const address = (service: ServiceName): string => {
    const found = shop.addresses.get(service);
    if (found === undefined) throw new Error(`${service} is not part of the shop`);
    return found;
  };
  const lines = (): Record<string, unknown>[] => parts.captures.flatMap((capture) => capture.lines);
  try {
    await Promise.all(
      grpcServiceNames.map((name) =>
        eventually(`${name} is ready`, async () => (await healthOf(address(name))) === 'SERVING'),
      ),
    );
  } catch (error) {
    await shop[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: `http://${shop.frontendAddress}`,
    address,
    client: (definition, service) => {
      const client = testClient(definition, address(service));
      clients.push(client);
      return client;
    },
    logs: {
      lines,
      text: () => parts.captures.map((capture) => capture.text()).join(''),
      errors: () => lines().filter(({ level }) => level === 'error' || level === 'fatal'),
    },
    mailDirectory: parts.mailDirectory,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client[Symbol.dispose]();
      await shop[Symbol.asyncDispose]();
      parts.folder[Symbol.dispose]();
    },
  };
}
