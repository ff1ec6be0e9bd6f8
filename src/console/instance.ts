import type { ServiceName } from '../topology.ts';

/** Stands for the one process that runs all services. */
export const LAUNCHER = 'launcher';

/** A process of one service, a service inside the launcher's process, or the launcher's process itself. */
export type Instance = {
  readonly service: ServiceName | typeof LAUNCHER;
  /** `host:port`; `-` for the launcher's process. */
  readonly address: string;
  /** `host:port` of its metrics. */
  readonly metrics: string;
};
