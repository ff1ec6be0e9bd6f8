import { ConfigError } from '../lib/config.ts';
import type { LauncherConfig } from './config.ts';
import { startConsole } from './console/console-server.tsx';
import { type ServiceWatch, watchServices } from './console/service-watch.ts';
import { openTraceWindow, type TraceWindow } from './console/trace-window.ts';
import { portProblem } from './port-check.ts';
import { type Instance, LOOPBACK } from './shop.ts';

/** The console of a shop. */
export type ShopConsole = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  readonly addLine: TraceWindow['addLine'];
  /** Begins to watch the services, once there are any. */
  readonly watch: (instances: readonly Instance[]) => void;
};

/**
 * Opens the console, unless it is off. On a port that nobody asked for, and that is taken, it makes room: the shop beside
 * this one has a console too.
 *
 * @throws {ConfigError} when it cannot listen on the port that was asked for
 */
export async function openConsole(config: LauncherConfig['console']): Promise<ShopConsole | undefined> {
  if (config === undefined) return undefined;
  const problem = await portProblem({ host: LOOPBACK, port: config.port, variable: 'CONSOLE_PORT' });
  if (problem !== undefined && config.isAsked) throw new ConfigError(problem);
  const window = openTraceWindow();
  let watching: ServiceWatch | undefined;
  const port = problem === undefined ? config.port : 0;
  const server = await startConsole(port, window, () => watching);
  return {
    address: server.address,
    addLine: window.addLine,
    watch: (instances) => {
      watching = watchServices(instances);
    },
    [Symbol.asyncDispose]: async () => {
      watching?.[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
