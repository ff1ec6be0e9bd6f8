import { eventually } from '../../src/lib/testing/eventually.ts';
import { logOf, type RunningContainer, readinessOf } from './container-shop.ts';
import { docker } from './docker.ts';

/** How long a container took from the start of its process, in milliseconds. */
export type StartTimes = {
  /** Until it logged `started`. */
  readonly listeningMs: number;
  /** Until its readiness check succeeded. */
  readonly readyMs: number;
};

/** Waits until a container that was just started is ready. Returns how long that took. */
export async function startTimesOf(container: RunningContainer): Promise<StartTimes> {
  await eventually(`${container.service} is ready`, readinessOf(container));
  const readyAt = Date.now();
  const startedAt = await stateTimeOf(container, 'StartedAt');
  const line = (await logOf(container)).find(({ msg }) => msg === 'started');
  return { listeningMs: Date.parse(String(line?.time)) - startedAt, readyMs: readyAt - startedAt };
}

/** Run time of a container that has ended, in milliseconds. */
export async function lifetimeMsOf(container: RunningContainer): Promise<number> {
  return (await stateTimeOf(container, 'FinishedAt')) - (await stateTimeOf(container, 'StartedAt'));
}

async function stateTimeOf({ name }: RunningContainer, event: 'StartedAt' | 'FinishedAt'): Promise<number> {
  return Date.parse(await docker('inspect', `--format={{.State.${event}}}`, name));
}
