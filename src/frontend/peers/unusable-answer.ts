import { status } from '@grpc/grpc-js';
import { fromWire, type Money, type WireMoney, wireMoneyProblem } from '../../domain/money.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';

/** Which RPC of which peer answered. */
export type AnswerSource = { readonly peer: string; readonly rpc: string };

/** The failure of a peer that answered OK with what cannot be used: INTERNAL, as gRPC calls bytes that cannot be decoded. */
export function unusableAnswer({ peer, rpc }: AnswerSource, details: string): PeerError {
  return new PeerError({ peer, rpc, code: status.INTERNAL, details: `unusable answer: ${details}` });
}

/** The amount, or `undefined` when it is absent, malformed, less than nothing, or of another currency than expected. */
export function usableAmount(wire: WireMoney | undefined, currency?: string): Money | undefined {
  if (wire === undefined || wireMoneyProblem(wire) !== undefined) return undefined;
  const amount = fromWire(wire);
  return amount.nanos < 0n || (currency !== undefined && amount.currency !== currency) ? undefined : amount;
}

/**
 * The amount a peer answered.
 *
 * @throws {PeerError} INTERNAL when it is absent, malformed, less than nothing, or of another currency than expected
 */
export function requireAmount(wire: WireMoney | undefined, from: AnswerSource, currency?: string): Money {
  const amount = usableAmount(wire, currency);
  if (amount === undefined) throw unusableAnswer(from, 'an amount that is none');
  return amount;
}
