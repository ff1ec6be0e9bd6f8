import { pino } from 'pino';
import pretty from 'pino-pretty';
import { createLogger, type Logger, type LogLevel } from '../lib/log/logger.ts';

/** Called with each log line that pino writes, line end included. */
export type TakeLine = (line: string) => void;

/** The logs of a shop: level, loggers and output. */
export type ShopLogs = {
  /** Log level of the services. */
  readonly level: LogLevel;
  readonly take: TakeLine;
  /** Logger of a service in this process, or of the launcher. */
  readonly loggerOf: (service: string, version: string) => Logger;
};

/**
 * Opens the logs of a shop. Lines of `level` and above go to `output`: formatted for a terminal, as JSON elsewhere. The
 * console gets every line that belongs to a trace, independent of `level`.
 *
 * @param addLine adds a line to the console; `undefined` without a console
 */
export function openLogs(
  level: LogLevel,
  addLine: ((line: Readonly<Record<string, unknown>>) => void) | undefined,
  output = processOutput(),
): ShopLogs {
  const least = levelValue(level);
  const take: TakeLine = (line) => {
    const fields = readLine(line);
    if (fields !== undefined) addLine?.(fields);
    if (fields === undefined || levelValue(String(fields.level)) >= least) output.write(line);
  };
  const written = addLine === undefined || least <= levelValue('info') ? level : 'info';
  return {
    level: written,
    take,
    loggerOf: (service, version) =>
      createLogger({ service, version }, { level: written, destination: { write: take } }),
  };
}

function processOutput(): { write: (line: string) => unknown } {
  return process.stdout.isTTY
    ? pretty({ sync: true, ignore: 'version,pid,hostname' })
    : pino.destination({ fd: 1, sync: true });
}

function levelValue(level: string): number {
  return pino.levels.values[level] ?? Number.POSITIVE_INFINITY;
}

// Output that does not come from the logger, such as a warning of Node, is passed on unchanged.
function readLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
