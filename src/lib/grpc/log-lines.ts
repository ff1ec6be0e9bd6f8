import { logLine, logOnly } from '../log/log-line.ts';

const rpcFields = { rpc: logOnly<string>(), requestId: logOnly<string>() };

const completedFields = {
  ...rpcFields,
  durationMs: logOnly<number>(),
  budgetMs: logOnly<number>(),
  code: logOnly<string | undefined>(),
};

const failedFields = { ...completedFields, reason: logOnly<string>() };

/** What a gRPC server logs. Every RPC has exactly one line `rpc completed`. */
export const callLines = {
  succeeded: logLine({
    message: 'rpc completed',
    level: 'info',
    when: 'An RPC returned OK.',
    fields: completedFields,
  }),
  refused: logLine({
    message: 'rpc completed',
    level: 'info',
    when: 'An RPC failed because of its caller: the request, the deadline, the state of the order.',
    fields: failedFields,
  }),
  unavailable: logLine({
    message: 'rpc completed',
    level: 'warn',
    when: 'An RPC failed with UNAVAILABLE or RESOURCE_EXHAUSTED.',
    fields: { ...failedFields, details: logOnly<string>(), cause: logOnly<string | undefined>() },
  }),
  failed: logLine({
    message: 'rpc completed',
    level: 'error',
    when: 'An RPC failed with INTERNAL: a bug.',
    fields: { ...failedFields, err: logOnly<unknown>() },
  }),
  failedLate: logLine({
    message: 'rpc handler failed after the response',
    level: 'error',
    when: 'The handler of a cancelled or expired RPC failed with a bug after the caller had its status.',
    fields: { ...rpcFields, err: logOnly<unknown>() },
  }),
};
