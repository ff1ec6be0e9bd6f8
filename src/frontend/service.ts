import { AdServiceService } from '../genproto/hipstershop/ad.ts';
import { CartServiceService } from '../genproto/hipstershop/cart.ts';
import { CheckoutServiceService } from '../genproto/hipstershop/checkout.ts';
import { CurrencyServiceService } from '../genproto/hipstershop/currency.ts';
import { ProductCatalogServiceService } from '../genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceService } from '../genproto/hipstershop/recommendation.ts';
import { ShippingServiceService } from '../genproto/hipstershop/shipping.ts';
import { beginCall } from '../lib/grpc/call-context.ts';
import { openPeers } from '../lib/grpc/peers.ts';
import { hostPort } from '../lib/net/listen.ts';
import { type RunningService, type Runtime, runningService } from '../lib/runtime/runtime.ts';
import { readRpcs } from '../topology.ts';
import type { FrontendConfig } from './config.ts';
import { frontendEvents } from './events.ts';
import { firstAnswer } from './first-answer.ts';
import { createApp } from './http/app.ts';
import { layoutMaker } from './layout-props.ts';
import { optionalPart } from './optional-part.ts';
import { REFUSAL_REASONS } from './pages/checkout.ts';
import { shopClients } from './peers/shop.ts';
import { routes } from './routes.ts';

/**
 * Starts the storefront.
 *
 * @throws {Error} when its address is taken
 */
export async function startFrontend(config: FrontendConfig, runtime: Runtime): Promise<RunningService> {
  const peers = openPeers({
    runtime,
    definitions: {
      adservice: AdServiceService,
      cartservice: CartServiceService,
      checkoutservice: CheckoutServiceService,
      currencyservice: CurrencyServiceService,
      productcatalogservice: ProductCatalogServiceService,
      recommendationservice: RecommendationServiceService,
      shippingservice: ShippingServiceService,
    },
    addresses: config.peers,
    retries: config.retries,
    readRpcs,
  });
  const events = frontendEvents(runtime, REFUSAL_REASONS);
  const shop = shopClients(
    {
      ad: peers.calls.adservice,
      cart: peers.calls.cartservice,
      catalogue: peers.calls.productcatalogservice,
      checkout: peers.calls.checkoutservice,
      currency: peers.calls.currencyservice,
      recommendation: peers.calls.recommendationservice,
      shipping: peers.calls.shippingservice,
    },
    { events, now: runtime.now },
  );
  const layoutOf = layoutMaker(config);
  const deps = {
    shop,
    layoutOf,
    events,
    optional: optionalPart(events, config.budgets.optionalPartMs),
    now: runtime.now,
    newId: runtime.newId,
  };
  const hasReachedCatalogue = firstAnswer(async () => {
    using call = beginCall({ budgetMs: config.budgets.readinessMs, requestId: runtime.newId() });
    await shop.catalogue.list(call);
  });
  let ready = true;
  const closePeers = (): void => peers[Symbol.dispose]();
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
    return runningService(server, [closePeers]);
  } catch (error) {
    closePeers();
    throw error;
  }
}
