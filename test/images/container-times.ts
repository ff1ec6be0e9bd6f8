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

/** Waits until a container that was just started has logged so and is ready. Returns how long that took. */
export async function startTimesOf(container: RunningContainer): Promise<StartTimes> {
  await eventually(`${container.service} is ready`, readinessOf(container));
  const readyAt = Date.now();
  const startedAt = await startTimeOf(container);
  const loggedAt = async (): Promise<unknown> => (await logOf(container)).find(({ msg }) => msg === 'started')?.time;
  await eventually(`${container.service} has logged its start`, async () => (await loggedAt()) !== undefined);
  return { listeningMs: Date.parse(String(await loggedAt())) - startedAt, readyMs: readyAt - startedAt };
}

async function startTimeOf({ name }: RunningContainer): Promise<number> {
  return Date.parse(await docker('inspect', '--format={{.State.StartedAt}}', name));
}
