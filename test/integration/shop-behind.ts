import type { ServiceName } from '../../src/topology.ts';
import { startTestShop, type TestShop, type TestShopOptions } from './test-shop.ts';
import type { UpstreamProxy } from './upstream-proxy.ts';

/** Starts a proxy in front of a service. */
export type MakeProxy = (service: ServiceName, address: string) => Promise<UpstreamProxy>;

/** Starts a shop whose services are called through the proxies that `proxyFor` returns; the proxies stop with the shop. */
export async function startShopBehind(
  options: Omit<TestShopOptions, 'interpose'>,
  proxyFor: (service: ServiceName) => MakeProxy | undefined,
): Promise<TestShop> {
  const proxies: UpstreamProxy[] = [];
  const closeProxies = async (): Promise<void> => {
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  };
  try {
    const shop = await startTestShop({
      ...options,
      interpose: async (name, address) => {
        const make = proxyFor(name);
        if (make === undefined) return address;
        const proxy = await make(name, address);
        proxies.push(proxy);
        return proxy.address;
      },
    });
    return {
      ...shop,
      [Symbol.asyncDispose]: async () => {
        await shop[Symbol.asyncDispose]();
        await closeProxies();
      },
    };
  } catch (error) {
    await closeProxies();
    throw error;
  }
}
