import { setMaxListeners } from 'node:events';
import { shutdownShares } from '../lib/process/lifecycle.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { pagesOf } from './actions.ts';
import { runClosedModel } from './closed-model.ts';
import type { LoadConfig } from './config.ts';
import { measuredTally } from './measured-tally.ts';
import { drawAction, drawWaitMs } from './mix.ts';
import { runOpenModel } from './open-model.ts';
import { reportProgress, type Terminal } from './progress.ts';
import { type LoadReport, loadReport } from './report.ts';
import { newShopper, type Shopper } from './shopper.ts';
import { openStorefront, type StorefrontClient } from './storefront-client.ts';
import { newTally, type Tally } from './tally.ts';
import { waitForShop } from './wait-for-shop.ts';

const MAX_IN_FLIGHT = 1000;

/**
 * A run of the load generator. Draining or disposing it ends the run early; disposing abandons pages that have no
 * response within the shutdown limit.
 */
export type LoadGenerator = RunningService & {
  /** The report, once the run is over. */
  readonly finished: Promise<LoadReport>;
};

/**
 * Starts the load generator: it waits until the storefront is healthy, and then starts the shoppers.
 *
 * @param terminal shows the progress; when absent, the log does
 */
export async function start(config: LoadConfig, runtime: Runtime, terminal?: Terminal): Promise<LoadGenerator> {
  const ending = new AbortController();
  // Every shopper who thinks listens to it.
  setMaxListeners(0, ending.signal);
  const storefront = openStorefront({
    address: config.frontendAddress,
    userAgent: `mercato-loadgenerator/${runtime.version}`,
    maxConnections: MAX_IN_FLIGHT,
    pageTimeoutMs: config.pageTimeoutMs,
    now: runtime.now,
    tracer: runtime.tracer,
  });
  const finished = run({ config, runtime, storefront, terminal, ending }).finally(() => storefront[Symbol.dispose]());
  return {
    address: '',
    startDraining: () => ending.abort(),
    finished,
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      const limit = setTimeout(() => storefront[Symbol.dispose](), shutdownShares(config.shutdown).drainMs);
      await finished.finally(() => clearTimeout(limit));
    },
  };
}

async function run(deps: {
  config: LoadConfig;
  runtime: Runtime;
  storefront: StorefrontClient;
  terminal: Terminal | undefined;
  ending: AbortController;
}): Promise<LoadReport> {
  const { config, runtime, storefront, ending } = deps;
  const target = config.frontendAddress;
  const isThere = await waitForShop(
    { isHealthy: storefront.isHealthy, maxStartupWaitMs: config.maxStartupWaitMs, target, log: runtime.log },
    ending.signal,
  );
  const tally = measuredTally(newTally(), runtime.metrics);
  const startedAtMs = runtime.now();
  const elapsedMs = isThere ? await shopUntilOver({ ...deps, tally }) : 0;
  const model = config.pagesPerSecond === undefined ? 'closed' : 'open';
  return loadReport(
    { target, model, users: config.users, startedAtMs, elapsedMs, thresholds: config.thresholds },
    tally.totals(),
  );
}

/** Runs the model until its time is over or the run is stopped. Returns the time in which pages started, in ms. */
async function shopUntilOver(deps: {
  config: LoadConfig;
  runtime: Runtime;
  storefront: StorefrontClient;
  terminal: Terminal | undefined;
  ending: AbortController;
  tally: Tally;
}): Promise<number> {
  const { config, runtime, terminal, ending, tally } = deps;
  const beganAt = performance.now();
  let elapsedMs = 0;
  ending.signal.addEventListener('abort', () => {
    elapsedMs = performance.now() - beganAt;
  });
  const timer = config.durationMs === undefined ? undefined : setTimeout(() => ending.abort(), config.durationMs);
  using _progress = reportProgress({ tally, terminal, log: runtime.log });
  await runModel({ config, runtime, tally, newShopper: shoppers(deps) }, ending.signal);
  clearTimeout(timer);
  return elapsedMs;
}

async function runModel(
  deps: { config: LoadConfig; runtime: Runtime; tally: Tally; newShopper: () => Shopper },
  ending: AbortSignal,
): Promise<void> {
  const { config, runtime, tally } = deps;
  const { users, rate, pagesPerSecond } = config;
  const nextWaitMs = (): number => drawWaitMs(runtime.randomBelow) * config.waitScale;
  if (pagesPerSecond === undefined) {
    await runClosedModel({ users, rate, newShopper: deps.newShopper, nextWaitMs, tally }, ending);
  } else {
    const maxInFlight = MAX_IN_FLIGHT;
    await runOpenModel({ pagesPerSecond, users, maxInFlight, newShopper: deps.newShopper, tally }, ending);
  }
}

function shoppers(deps: { runtime: Runtime; storefront: StorefrontClient }): () => Shopper {
  const { storefront, runtime } = deps;
  const { randomBelow, now } = runtime;
  const year = (): number => new Date(now()).getUTCFullYear();
  return () =>
    newShopper({
      storefront,
      nextAction: () => pagesOf(drawAction(randomBelow), { randomBelow, year: year() }),
    });
}
