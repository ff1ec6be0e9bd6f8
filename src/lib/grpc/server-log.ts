import { status } from '@grpc/grpc-js';
import type { Logger } from '../log/logger.ts';
import { callLines } from './log-lines.ts';
import type { Outcome, ServerCall, ServerStep } from './server-call.ts';

/** Writes the one log line of the call, at a level that follows from the status: only a bug is an error. */
export function logCall(log: Logger): ServerStep {
  return (next) => async (call) => {
    const outcome = await next(call);
    writeLine(log, call, outcome);
    return outcome;
  };
}

function writeLine(log: Logger, { rpc, requestId, startedAt, budgetMs }: ServerCall, outcome: Outcome): void {
  const fields = { rpc, requestId, durationMs: round(performance.now() - startedAt), budgetMs };
  if ('response' in outcome) {
    log.write(callLines.succeeded, { ...fields, code: 'OK' });
    return;
  }
  const { code, reason, message } = outcome.failure;
  const all = { ...fields, code: status[code], reason };
  if (code === status.INTERNAL) log.write(callLines.failed, { ...all, err: outcome.error });
  else if (code === status.UNAVAILABLE || code === status.RESOURCE_EXHAUSTED) {
    log.write(callLines.unavailable, { ...all, details: message, cause: causeOf(outcome.error) });
  } else log.write(callLines.refused, all);
}

function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
