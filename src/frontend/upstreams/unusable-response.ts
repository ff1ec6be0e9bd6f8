import { status } from '@grpc/grpc-js';
import { type Money, parseMoney, type WireMoney } from '../../domain/money.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';

/** The RPC that returned a response. */
export type ResponseSource = { readonly upstream: string; readonly rpc: string };

/** The error for an OK response with unusable content: INTERNAL, as gRPC uses for bytes that cannot be decoded. */
export function unusableResponse({ upstream, rpc }: ResponseSource, details: string): UpstreamError {
  return new UpstreamError({ upstream, rpc, code: status.INTERNAL, details: `unusable response: ${details}` });
}

/** The amount; `undefined` when it is absent, malformed, negative, or of another currency than expected. */
export function usableAmount(wire: WireMoney | undefined, currency?: string): Money | undefined {
  const parsed = parseMoney(wire, { sign: 'not-negative', currency });
  return parsed.ok ? parsed.money : undefined;
}

/**
 * The amount of a response.
 *
 * @throws {UpstreamError} INTERNAL when it is absent, malformed, negative, or of another currency than expected
 */
export function requireAmount(wire: WireMoney | undefined, from: ResponseSource, currency?: string): Money {
  const amount = usableAmount(wire, currency);
  if (amount === undefined) throw unusableResponse(from, 'a malformed amount');
  return amount;
}
