/** The services that a run kills: those that store money, goods and mails. */
export const VICTIMS = ['checkoutservice', 'paymentservice', 'shippingservice', 'emailservice'] as const;
export type Victim = (typeof VICTIMS)[number];

/** What happens to a process at the step: SIGKILL, or its disk is full for a while. */
export const DISASTERS = ['killed', 'disk full'] as const;
export type Disaster = (typeof DISASTERS)[number];

/** The call of checkoutservice at which a disaster happens: when the call arrives, or when it was handled. */
export type Step = {
  readonly name: string;
  readonly rpc: 'Charge' | 'ShipOrder' | 'Refund' | 'SendOrderConfirmation';
  readonly when: 'before' | 'after';
  /** True when the first shipment of the order is refused, so that its charge is refunded. */
  readonly isRefunded?: true;
};

export const STEPS: readonly Step[] = [
  { name: 'in the outbox', rpc: 'SendOrderConfirmation', when: 'after' },
  { name: 'in a refund', rpc: 'Refund', when: 'after', isRefunded: true },
  { name: 'before the call', rpc: 'Charge', when: 'before' },
  { name: 'after the call, before the append', rpc: 'Charge', when: 'after' },
  // The call that follows the charge: its event is stored.
  { name: 'after the append', rpc: 'ShipOrder', when: 'before' },
];

/**
 * What happens to the first response of that call:
 * - `lost`: the call is handled, and ends as UNAVAILABLE
 * - `late`: the call is handled, and ends with the deadline of the caller
 * - `repeated`: the call is handled twice
 * - `refused`: the call is not handled, and ends as RESOURCE_EXHAUSTED
 */
export const FAULTS = ['none', 'lost', 'late', 'repeated', 'refused'] as const;
export type AnswerFault = (typeof FAULTS)[number];

/** One way in which an order is disturbed. */
export type Cell = {
  readonly victim: Victim;
  readonly disaster: Disaster;
  readonly step: Step;
  readonly fault: AnswerFault;
};

/** The orders that are placed together: one for each fault. The disaster happens once, to the order of `disasterAt`. */
export type Group = Omit<Cell, 'fault'> & { readonly disasterAt: AnswerFault };

/** Number of the cells. */
export const CELL_COUNT = VICTIMS.length * DISASTERS.length * STEPS.length * FAULTS.length;

/**
 * The groups of one victim in a round, in their order. After five rounds, the disaster has met each fault.
 *
 * @param options.isReduced true: the disk of each victim is full at one step only
 */
export function groupsOf(victim: Victim, { round, isReduced }: { round: number; isReduced: boolean }): Group[] {
  const lane = VICTIMS.indexOf(victim);
  return STEPS.flatMap((step, index) =>
    DISASTERS.filter((disaster) => !isReduced || disaster === 'killed' || index === lane).map(
      (disaster, shift): Group => {
        const at = (lane + index + shift + round) % FAULTS.length;
        return { victim, disaster, step, disasterAt: FAULTS[at] ?? 'none' };
      },
    ),
  );
}
