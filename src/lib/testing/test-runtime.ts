import { createLogger } from '../log/logger.ts';
import { serviceMetrics } from '../metrics/metrics.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { silentTracer } from '../telemetry/tracing.ts';

/** The lines that a logger wrote. */
export type LogCapture = { readonly lines: Record<string, unknown>[]; readonly text: () => string };

/** A runtime with a clock that the test sets, ids that count up, and given random numbers. */
export type TestRuntime = Runtime & {
  readonly logs: LogCapture;
  /** Sets the clock, in milliseconds since 1970. */
  readonly setNow: (ms: number) => void;
};

/** The initial time of a test runtime. */
export const TEST_START_MS = Date.UTC(2026, 10, 23, 12);

/** A runtime for tests. */
export function testRuntime(
  options: { service?: string; randoms?: readonly number[] } & Partial<Runtime> = {},
): TestRuntime {
  const lines: Record<string, unknown>[] = [];
  const written: string[] = [];
  let nowMs = TEST_START_MS;
  let ids = 0;
  let draws = 0;
  const service = options.service ?? 'testservice';
  const destination = {
    write: (line: string) => {
      written.push(line);
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  const { randoms = [0], ...overrides } = options;
  return {
    service,
    version: '0.0.0-test',
    log: createLogger({ service, version: '0.0.0-test' }, { level: 'debug', destination }),
    tracer: silentTracer(),
    metrics: serviceMetrics({ service, version: '0.0.0-test' }),
    now: () => nowMs,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    randomBelow: (limit) => (randoms[draws++ % randoms.length] ?? 0) % limit,
    ...overrides,
    logs: { lines, text: () => written.join('') },
    setNow: (ms) => {
      nowMs = ms;
    },
  };
}
