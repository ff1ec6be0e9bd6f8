import { beginCall } from '../lib/grpc/call-context.ts';
import { hostPort } from '../lib/net/listen.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { openUpstreams } from '../upstreams.ts';
import type { FrontendConfig } from './config.ts';
import { frontendEvents } from './events.ts';
import { firstResponse } from './first-response.ts';
import { createApp } from './http/app.ts';
import { layoutMaker } from './layout-props.ts';
import { optionalPart } from './optional-part.ts';
import { routes } from './routes.ts';
import { shopClients } from './upstreams/shop.ts';

/**
 * Starts the storefront.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: FrontendConfig, runtime: Runtime): Promise<RunningService> {
  const upstreams = openUpstreams('frontend', config, runtime);
  const events = frontendEvents(runtime);
  const shop = shopClients(upstreams.calls, { events, now: runtime.now });
  const layoutOf = layoutMaker(config);
  const deps = {
    shop,
    layoutOf,
    events,
    optional: optionalPart(events, config.budgets.optionalPartMs),
    now: runtime.now,
    newId: runtime.newId,
  };
  const hasReachedCatalogue = firstResponse(async () => {
    using call = beginCall({ budgetMs: config.budgets.readinessMs, requestId: runtime.newId() });
    await shop.catalogue.list(call);
  });
  let ready = true;
  const closeUpstreams = (): void => upstreams[Symbol.dispose]();
  try {
    const app = await createApp({
      config,
      runtime,
      routes: routes(deps, config.budgets),
      layoutOf,
      isReady: () => ready,
      hasReachedCatalogue,
    });
    const port = await app.listen();
    const server: RunningService = {
      address: hostPort(config.host, port),
      startDraining: () => {
        ready = false;
      },
      [Symbol.asyncDispose]: async () => {
        ready = false;
        await app.close();
      },
    };
    return runningService(server, [closeUpstreams]);
  } catch (error) {
    closeUpstreams();
    throw error;
  }
}
