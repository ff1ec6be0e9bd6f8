import { setTimeout as pause } from 'node:timers/promises';
import { healthOf } from '../lib/grpc/health-of.ts';
import { topology } from '../topology.ts';
import { type Instance, LAUNCHER } from './instance.ts';

/** The result of a readiness check of an instance. */
export type Health = 'ready' | 'not ready' | 'not answering';

/** An instance and its readiness. */
export type CheckedInstance = Instance & { readonly health: Health };

const LIMIT_MS = 1000;
const PAUSE_MS = 50;

/** Asks an instance for its readiness: grpc.health.v1 of a gRPC service, `/_healthz` of an HTTP one. */
export async function healthAt({ service, address }: Instance): Promise<Health> {
  // The launcher's own process runs this check.
  if (service === LAUNCHER) return 'ready';
  try {
    const isReady =
      topology[service].protocol === 'grpc'
        ? (await healthOf(address, LIMIT_MS)) === 'SERVING'
        : (await fetch(`http://${address}/_healthz`, { signal: AbortSignal.timeout(LIMIT_MS) })).ok;
    return isReady ? 'ready' : 'not ready';
  } catch {
    return 'not answering';
  }
}

/**
 * Asks every instance until it is ready, at most `limitMs` long, and returns the last results: some services become ready
 * only after they have started, once an upstream has responded.
 */
export async function settledHealth(
  instances: readonly Instance[],
  { limitMs, check = healthAt }: { readonly limitMs: number; readonly check?: (instance: Instance) => Promise<Health> },
): Promise<CheckedInstance[]> {
  const endsAtMs = performance.now() + limitMs;
  const settle = async (instance: Instance): Promise<CheckedInstance> => {
    for (;;) {
      const health = await check(instance);
      if (health === 'ready' || performance.now() >= endsAtMs) return { ...instance, health };
      await pause(PAUSE_MS);
    }
  };
  return await Promise.all(instances.map(settle));
}
