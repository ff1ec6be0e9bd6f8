import { ErrorReason } from '../genproto/hipstershop/error_reason.ts';

/** A reason of the contract, as it travels in ErrorInfo: `CARD_DECLINED` for ERROR_REASON_CARD_DECLINED. */
export type Reason = Exclude<keyof typeof ErrorReason, 'UNRECOGNIZED' | 'UNSPECIFIED'>;

/** Returns the text as a reason, or `undefined` when this version of the contract does not have it. */
export function knownReason(text: string): Reason | undefined {
  const isKnown = Object.hasOwn(ErrorReason, text) && text !== 'UNRECOGNIZED' && text !== 'UNSPECIFIED';
  return isKnown ? (text as Reason) : undefined;
}
