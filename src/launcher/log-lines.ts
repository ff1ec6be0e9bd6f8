import { pino } from 'pino';
import pretty from 'pino-pretty';
import { createLogger, type Logger, type LogLevel } from '../lib/log/logger.ts';

/** Takes a line of a log, as pino writes it, with its end. */
export type TakeLine = (line: string) => void;

/** The logs of a shop: how much its services write, and what becomes of it. */
export type ShopLogs = {
  /** The level at which services log. */
  readonly level: LogLevel;
  readonly take: TakeLine;
  /** A logger in the name of a service that runs in this process, or of the launcher. */
  readonly loggerOf: (service: string, version: string) => Logger;
};

/**
 * Opens the logs of a shop. Lines from `level` up are written to this process's output: for a person at a terminal, or as
 * the JSON that a log collector reads. The console gets what is needed to follow a trace, whatever that level is.
 *
 * @param addLine the console's; `undefined` without a console
 * @param output where the lines are written
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

// What a process says on its own, and not through its logger, is passed on as it is.
function readLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
