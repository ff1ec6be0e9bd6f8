import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startInOneProcess } from '../../src/launcher/one-process.ts';
import { createLogger } from '../../src/lib/log/logger.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { type ServiceName, topology } from '../../src/topology.ts';
import { type HandleCall, startCallProxy } from './call-proxy.ts';
import { VICTIMS, type Victim } from './cells.ts';
import { type Replica, startReplica } from './replicas.ts';

const SILENT = createLogger(
  { service: 'crash', version: '0.0.0' },
  { level: 'fatal', destination: { write: () => true } },
);

/**
 * A shop with two processes of each service that stores money, goods and mails; checkoutservice calls the other three
 * through proxies. The services that cannot lose anything run in this process.
 */
export type CrashShop = AsyncDisposable & {
  readonly url: string;
  readonly replicasOf: (victim: Victim) => readonly Replica[];
};

/**
 * Starts the shop in a folder. The replicas store where `variables` say, by default in the folder.
 *
 * @param options.handleCall handles each call of checkoutservice to payment, shipping and email
 */
export async function startCrashShop(options: {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly handleCall: HandleCall;
}): Promise<CrashShop> {
  const { folder, handleCall } = options;
  const mailDirectory = join(folder, 'mail');
  mkdirSync(mailDirectory, { recursive: true });
  const variables = {
    DATA_DIR: join(folder, 'data'),
    MAIL_DIR: mailDirectory,
    ORDER_LEASE_MS: '2000',
    ...options.variables,
  };
  const started: AsyncDisposable[] = [];
  const stop = async (): Promise<void> => {
    for (const server of [...started].reverse()) await server[Symbol.asyncDispose]();
  };
  const replicas = new Map<Victim, readonly Replica[]>();
  const addresses = new Map<ServiceName, string>();
  const startTwo = async (victim: Victim, upstreams: Readonly<Record<string, string>>): Promise<readonly Replica[]> => {
    const both = await Promise.all([1, 2].map(() => startReplica(victim, { ...variables, ...upstreams })));
    started.push(...both);
    replicas.set(victim, both);
    return both;
  };
  const interpose = async (name: ServiceName, address: string): Promise<string> => {
    const victim = VICTIMS.find((one) => one === name);
    let reached = address;
    if (victim === 'checkoutservice') {
      const upstreams = Object.keys(topology.checkoutservice.calls) as ServiceName[];
      const entries = upstreams.map((upstream) => [topology[upstream].addressVariable, addresses.get(upstream) ?? '']);
      const both = await startTwo(victim, Object.fromEntries(entries) as Record<string, string>);
      reached = `ipv4:${both.map((replica) => replica.address).join(',')}`;
    } else if (victim !== undefined) {
      const proxy = await startCallProxy(victim, await startTwo(victim, {}), handleCall);
      started.push(proxy);
      reached = proxy.address;
    }
    addresses.set(name, reached);
    return reached;
  };
  try {
    const shop = await startInOneProcess({
      env: { DATA_DIR: join(folder, 'others'), MAIL_DIR: mailDirectory },
      frontend: { host: '127.0.0.1', port: 0 },
      runtimeOf: async (service) =>
        testRuntime({
          service,
          log: SILENT,
          now: Date.now,
          newId: randomUUID,
          randomBelow: (limit) => randomInt(limit),
        }),
      interpose,
    });
    started.push(shop);
    return {
      url: `http://${shop.frontendAddress}`,
      replicasOf: (victim) => replicas.get(victim) ?? [],
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
