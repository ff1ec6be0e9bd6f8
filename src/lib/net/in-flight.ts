/** Counts the calls a server works on, and bounds them. */
export type InFlight = {
  /** Takes a place; false when all are taken. */
  readonly enter: () => boolean;
  /** Gives a place back. */
  readonly leave: () => void;
  /** How many places are taken. */
  readonly running: () => number;
  /** Resolves once no call is in flight. */
  readonly idle: () => Promise<void>;
};

/** A counter with `limit` places. */
export function inFlightLimit(limit: number): InFlight {
  let running = 0;
  let waiting: (() => void)[] = [];
  return {
    enter: () => {
      if (running >= limit) return false;
      running += 1;
      return true;
    },
    leave: () => {
      running -= 1;
      if (running > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    running: () => running,
    idle: () =>
      new Promise((resolve) => {
        if (running === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
