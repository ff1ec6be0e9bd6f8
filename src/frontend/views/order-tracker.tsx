import type { OrderStateName } from '../../order-state.ts';

type Step = { readonly label: string; readonly at: 'done' | 'current' | 'ahead' | 'failed' };

const PATH: readonly { readonly state: OrderStateName; readonly label: string }[] = [
  { state: 'PLACED', label: 'Placed' },
  { state: 'PAID', label: 'Paid' },
  { state: 'SHIPPED', label: 'Shipped' },
  { state: 'CONFIRMED', label: 'Confirmed' },
];

const WORDS = { done: 'done', current: 'now', ahead: 'still to come', failed: 'ended here' } as const;

type TrackerProps = { readonly state: OrderStateName; readonly passed: readonly OrderStateName[] };

/**
 * The progress of an order.
 *
 * @param passed the states it has been in; empty when checkout keeps no history
 */
export function OrderTracker({ state, passed }: TrackerProps) {
  return (
    <ol class="tracker" aria-label="Progress of the order">
      {steps(state, passed).map((step) => (
        <li
          key={step.label}
          class={`step-${step.at}`}
          aria-current={step.at === 'current' || step.at === 'failed' ? 'step' : undefined}
        >
          {step.label}
          <span class="visually-hidden">, {WORDS[step.at]}</span>
        </li>
      ))}
    </ol>
  );
}

function steps(state: OrderStateName, passed: readonly OrderStateName[]): readonly Step[] {
  const paid: readonly Step[] = passed.includes('PAID') ? [{ label: 'Paid', at: 'done' }] : [];
  const refunded: readonly Step[] = passed.includes('REFUNDING') ? [{ label: 'Refunded', at: 'done' }] : [];
  switch (state) {
    case 'REFUNDING':
      return [
        { label: 'Placed', at: 'done' },
        ...paid,
        { label: 'Refund in progress', at: 'current' },
        { label: 'Closed', at: 'ahead' },
      ];
    case 'REJECTED':
      return [{ label: 'Placed', at: 'done' }, ...paid, ...refunded, { label: 'Not completed', at: 'failed' }];
    case 'CONFIRMED':
      return PATH.map(({ label }) => ({ label, at: 'done' }));
    default: {
      const reached = PATH.findIndex((step) => step.state === state);
      return PATH.map(({ label }, index) => ({ label, at: progress(index, reached) }));
    }
  }
}

function progress(index: number, reached: number): Step['at'] {
  if (index === reached) {
    return 'current';
  }
  return index < reached ? 'done' : 'ahead';
}
