import type { ServiceError } from '@grpc/grpc-js';
import type { ClientStep } from './client-call.ts';
import { rpcName } from './definition.ts';
import { readErrorInfo } from './status.ts';
import { UpstreamError } from './upstream-error.ts';

// grpc-js reports a call for which it had no connection with these texts, and with no metadata of a server.
const NO_CONNECTION = /^(?:\w+: )?(?:No connection established|Name resolution failed)/;

/**
 * Maps a status other than OK to an UpstreamError with the reason and metadata of its ErrorInfo.
 *
 * @param isRetried true for an RPC that the channel retries: an earlier attempt may have been sent
 */
export function mapStatus(upstream: string, isRetried: boolean): ClientStep {
  return (next) => async (call) => {
    try {
      return await next(call);
    } catch (error) {
      throw isServiceError(error) ? upstreamError({ upstream, rpc: rpcName(call.method), isRetried }, error) : error;
    }
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}

function upstreamError(
  { upstream, rpc, isRetried }: { upstream: string; rpc: string; isRetried: boolean },
  error: ServiceError,
): UpstreamError {
  const info = readErrorInfo(error.metadata);
  return new UpstreamError({
    upstream,
    rpc,
    code: error.code,
    details: error.details,
    reason: info?.reason,
    metadata: info?.metadata ?? {},
    // A grpc-js server may return the same text when its own upstream call failed, but then with metadata.
    isUnsent: !isRetried && NO_CONNECTION.test(error.details) && Object.keys(error.metadata.getMap()).length === 0,
    cause: error,
  });
}
