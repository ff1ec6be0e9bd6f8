import type { TypedCard } from '../../domain/card.ts';
import { type CallContext, remainingMs } from '../../lib/grpc/call-context.ts';
import { type Order, PAYMENT_UNREACHABLE } from '../order/order.ts';
import type { ChargeOutcome, FoundCharge } from '../upstreams/payment-client.ts';
import { type EventBody, type FirstRun, type RecordEvent, type Run, type StepDeps, withBudget } from './run.ts';
import { chargeKey } from './step-keys.ts';

/** Pauses before the second and each later attempt to charge, in milliseconds. */
export const CHARGE_PAUSES_MS: readonly number[] = [200, 400, 800];

const EARLIER_ATTEMPT: Pick<Extract<EventBody, { type: 'earlier-charge-found' }>, 'type' | 'reason'> = {
  type: 'earlier-charge-found',
  reason: 'EARLIER_ATTEMPT_CANCELLED',
};
const NOT_BEGUN: EventBody = { type: 'rejected', reason: PAYMENT_UNREACHABLE };
const KEY_FENCED: EventBody = { type: 'rejected', reason: 'PAYMENT_UNAVAILABLE' };
const PAYMENT_UNKNOWN: EventBody = { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN' };
const LOOK_UP: Attempted = { kind: 'look-up', ifNever: KEY_FENCED };

/**
 * Charges the card of a first run, and finds out in any run whether an earlier call has charged it. An order is rejected
 * only when nothing was charged, and nothing will be: payment began no call, or it has fenced the key.
 */
export function chargeStep(deps: StepDeps, record: RecordEvent): (order: Order, run: Run) => Promise<Order> {
  return async (order, run) => {
    const attempted = run.kind === 'first' ? await tryToCharge(deps, order, run) : LOOK_UP;
    const event = attempted.kind === 'settled' ? attempted.event : await lookUp(order, run, attempted.ifNever);
    return await record(order, event, mailsFor(event, run));
  };

  async function lookUp(order: Order, run: Run, ifNever: EventBody): Promise<EventBody> {
    const found = await withBudget(run, (call) => deps.payment.findCharge(chargeKey(order.purchase), call));
    return eventOfFound(order, found, ifNever);
  }
}

/** `look-up`: ask payment for the charge of the key; `ifNever` is the event when nothing was charged. */
type Attempted =
  | { readonly kind: 'settled'; readonly event: EventBody }
  | { readonly kind: 'look-up'; readonly ifNever: EventBody };

/** Attempts to charge until there is a definite result, all attempts with the same key and within the budget of a step. */
async function tryToCharge(deps: StepDeps, order: Order, run: FirstRun): Promise<Attempted> {
  return await withBudget(run, async (call) => {
    let isAmbiguous = false;
    for (const pauseMs of [0, ...CHARGE_PAUSES_MS]) {
      const leftMs = Math.min(run.msUntilResponse(), remainingMs(call));
      if (pauseMs > 0 && pauseMs >= leftMs) break;
      if (pauseMs > 0) await deps.pause(pauseMs);
      const result = await attempt(deps, order, { card: run.card, isAmbiguous, call });
      if (typeof result === 'object') return result;
      isAmbiguous ||= result === 'ambiguous';
    }
    return isAmbiguous ? LOOK_UP : { kind: 'settled', event: NOT_BEGUN };
  });
}

/** @param attempt.isAmbiguous true when an earlier attempt may have charged */
async function attempt(
  deps: StepDeps,
  order: Order,
  { card, isAmbiguous, call }: { readonly card: TypedCard; readonly isAmbiguous: boolean; readonly call: CallContext },
): Promise<Attempted | 'not-begun' | 'ambiguous'> {
  // A service that ignores keys would charge twice.
  const keepsKeys = isAmbiguous ? await askForKeys(deps, call) : true;
  if (keepsKeys === undefined) return 'ambiguous';
  if (!keepsKeys) return { kind: 'settled', event: PAYMENT_UNKNOWN };
  const request = { amount: order.purchase.total, card, idempotencyKey: chargeKey(order.purchase) };
  const outcome = await deps.payment.charge(request, call);
  switch (outcome.kind) {
    case 'charged':
      return { kind: 'settled', event: eventOfCharge(order, outcome) };
    case 'declined': {
      const event: EventBody = { type: 'rejected', reason: outcome.reason };
      // An earlier ambiguous attempt may have charged although this repeat was declined.
      return isAmbiguous ? { kind: 'look-up', ifNever: event } : { kind: 'settled', event };
    }
    case 'conflict':
      return LOOK_UP;
    case 'not-begun':
      return 'not-begun';
    case 'ambiguous':
      deps.events.stepAmbiguous(order, 'charge', outcome.cause);
      return 'ambiguous';
  }
}

/** Returns `undefined` when the call fails. */
async function askForKeys({ payment }: StepDeps, call: CallContext): Promise<boolean | undefined> {
  try {
    return await payment.keepsKeys(call);
  } catch {
    return undefined;
  }
}

function eventOfCharge({ purchase }: Order, outcome: Extract<ChargeOutcome, { kind: 'charged' }>): EventBody {
  const { transactionId, isRefunded } = outcome;
  // The key was charged by an earlier attempt, which failed and is being undone: finish that, and ship nothing.
  return isRefunded
    ? { ...EARLIER_ATTEMPT, transactionId, amount: purchase.total }
    : { type: 'charged', transactionId };
}

function eventOfFound({ purchase: { total } }: Order, found: FoundCharge, ifNever: EventBody): EventBody {
  switch (found.kind) {
    case 'charged': {
      const { transactionId, amount, isRefunded } = found;
      const isThisCharge = amount.currency === total.currency && amount.nanos === total.nanos && !isRefunded;
      return isThisCharge ? { type: 'charged', transactionId } : { ...EARLIER_ATTEMPT, transactionId, amount };
    }
    case 'never':
      return ifNever;
    case 'unknowable':
      return PAYMENT_UNKNOWN;
  }
}

// PlaceOrder has already returned this order as in progress, so a mail reports the failure.
function mailsFor(event: EventBody, run: Run): readonly 'send-cancellation'[] {
  const hasResponded = run.kind === 'resumed' || run.msUntilResponse() <= 0;
  return event.type === 'rejected' && hasResponded ? ['send-cancellation'] : [];
}
