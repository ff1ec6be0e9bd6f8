/** Counts the calls in flight and bounds their number. */
export type InFlight = {
  /** Counts a call; false, without counting it, when the limit is reached. */
  readonly enter: () => boolean;
  /** Ends a counted call. */
  readonly leave: () => void;
  /** The number of calls in flight. */
  readonly running: () => number;
  /** Resolves once no call is in flight. */
  readonly idle: () => Promise<void>;
};

/** A counter of at most `limit` calls. */
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
