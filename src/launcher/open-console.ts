import { type OpenShop, startConsole } from '../console/console-server.tsx';
import type { Instance } from '../console/instance.ts';
import { watchServices } from '../console/service-watch.ts';
import { openTraceWindow, type TraceWindow } from '../console/trace-window.ts';
import { ConfigError } from '../lib/config/config.ts';
import { LOOPBACK } from '../lib/net/listen.ts';
import type { LauncherConfig } from './config.ts';
import { orderEventsFrom } from './order-events.ts';
import { portProblem } from './port-check.ts';

export type ShopConsole = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  readonly addLine: TraceWindow['addLine'];
  /** Starts to watch the instances, once the shop has started. */
  readonly watch: (instances: readonly Instance[]) => void;
};

/**
 * Opens the console, unless it is off. When the default port is taken, or is the storefront's, the console listens on a
 * port that the system chooses.
 *
 * @param shopPort port of the storefront, which does not listen yet
 * @throws {ConfigError} when it cannot listen on the port that CONSOLE_PORT names
 */
export async function openConsole(
  config: LauncherConfig['console'],
  shopPort: number,
): Promise<ShopConsole | undefined> {
  if (config === undefined) return undefined;
  const problem = await consoleProblem(config.port, shopPort);
  if (problem !== undefined && config.isAsked) throw new ConfigError(problem);
  const window = openTraceWindow();
  let shop: OpenShop | undefined;
  const server = await startConsole(problem === undefined ? config.port : 0, window, () => shop);
  return {
    address: server.address,
    addLine: window.addLine,
    watch: (instances) => {
      shop = { watch: watchServices(instances), orderEvents: orderEventsFrom(instances) };
    },
    [Symbol.asyncDispose]: async () => {
      shop?.watch[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function consoleProblem(port: number, shopPort: number): Promise<string | undefined> {
  return port !== 0 && port === shopPort
    ? `Port ${port} is the storefront's: choose another one with CONSOLE_PORT, or with PORT.`
    : await portProblem({ host: LOOPBACK, port, variable: 'CONSOLE_PORT' });
}
