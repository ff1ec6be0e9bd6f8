import { randomUUID } from 'node:crypto';
import { readConfig as readFrontendConfig } from '../../src/frontend/config.ts';
import { start as startFrontend } from '../../src/frontend/service.ts';
import type { RunningService } from '../../src/lib/runtime/runtime.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { type ServiceName, topology } from '../../src/topology.ts';
import { LONG_BUDGETS } from '../integration/long-budgets.ts';
import { startTestShop, type TestShop } from '../integration/test-shop.ts';
import { startOrderServer } from './order-server.ts';

/** Storefronts that show every page of the shop, including those of an outage and of an order in progress. */
export type Storefronts = AsyncDisposable & {
  readonly shop: TestShop;
  /** The storefront of `shop`. */
  readonly url: string;
  /** A storefront of the same shop whose catalogue is unreachable. */
  readonly outageUrl: string;
  /** A storefront of the same shop whose orders are those of `startOrderServer`. */
  readonly ordersUrl: string;
};

export async function startStorefronts(): Promise<Storefronts> {
  const started: AsyncDisposable[] = [];
  const stopAll = async (): Promise<void> => {
    for (const server of [...started].reverse()) await server[Symbol.asyncDispose]();
  };
  const stopLater = <T extends AsyncDisposable>(server: T): T => {
    started.push(server);
    return server;
  };
  try {
    const shop = stopLater(await startTestShop());
    const orders = stopLater(await startOrderServer());
    const unreachable = `127.0.0.1:${await freePort()}`;
    const outage = stopLater(await startStorefront(shop, { productcatalogservice: unreachable }));
    const withOrders = stopLater(await startStorefront(shop, { checkoutservice: orders.address }));
    return {
      shop,
      url: shop.url,
      outageUrl: `http://${outage.address}`,
      ordersUrl: `http://${withOrders.address}`,
      [Symbol.asyncDispose]: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startStorefront(
  shop: TestShop,
  replaced: Readonly<Partial<Record<ServiceName, string>>>,
): Promise<RunningService> {
  const upstreams = Object.keys(topology.frontend.calls) as ServiceName[];
  const addresses = upstreams.map((name) => [topology[name].addressVariable, replaced[name] ?? shop.address(name)]);
  const config = readFrontendConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    ...LONG_BUDGETS,
    ...Object.fromEntries(addresses),
  });
  return await startFrontend(config, testRuntime({ service: 'frontend', newId: randomUUID }));
}
