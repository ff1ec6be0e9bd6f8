import { status } from '@grpc/grpc-js';
import { SendOrderConfirmationRequest } from '../../src/genproto/hipstershop/email.ts';
import {
  ChargeRequest,
  ChargeResponse,
  GetChargeRequest,
  GetChargeResponse,
  RefundRequest,
} from '../../src/genproto/hipstershop/payment.ts';
import { ShipOrderRequest } from '../../src/genproto/hipstershop/shipping.ts';
import { fillDisk } from '../../src/lib/testing/full-disk.ts';
import type { Answer, HandleCall, ProxiedCall } from './call-proxy.ts';
import type { Group, Victim } from './cells.ts';
import { type Replica, replicaOfPort } from './replicas.ts';
import type { Shopper } from './shopper.ts';

const FULL_DISK_MS = 1000;
const LOST: Answer = { failure: { code: status.UNAVAILABLE, details: 'lost by the test' } };
const REFUSED: Answer = { failure: { code: status.RESOURCE_EXHAUSTED, details: 'refused by the test' } };
const UNSHIPPABLE: Answer = { failure: { code: status.FAILED_PRECONDITION, details: 'refused by the test' } };

/** Disturbs the calls of checkoutservice as the cells of their orders say. */
export type Disturbances = Disposable & {
  readonly handleCall: HandleCall;
  /** True when the disaster of a group has happened. */
  readonly hasHappened: (group: Group) => boolean;
  /** Disasters so far, as `<disaster> <victim>`. */
  readonly counts: ReadonlyMap<string, number>;
};

export function disturbances(deps: {
  readonly shoppers: readonly Shopper[];
  readonly replicasOf: (victim: Victim) => readonly Replica[];
  readonly random: (limit: number) => number;
}): Disturbances {
  const buyers = new Map<string, Shopper>();
  const disturbed = new Set<Shopper>();
  const happened = new Set<Group>();
  const counts = new Map<string, number>();
  const fullDisks = new Map<NodeJS.Timeout, () => void>();

  const shopperOf = ({ rpc, request }: ProxiedCall): Shopper | undefined => {
    const byKey = (name: 'charge' | 'shipment', key: string | undefined) =>
      deps.shoppers.find(({ attempts }) => attempts.some((attempt) => attempt[name] === key));
    switch (rpc) {
      case 'Charge':
        return byKey('charge', ChargeRequest.decode(request).idempotencyKey);
      case 'GetCharge':
        return byKey('charge', GetChargeRequest.decode(request).idempotencyKey);
      case 'ShipOrder':
        return byKey('shipment', ShipOrderRequest.decode(request).idempotencyKey);
      case 'Refund':
        return buyers.get(RefundRequest.decode(request).transactionId);
      case 'SendOrderConfirmation': {
        const { email } = SendOrderConfirmationRequest.decode(request);
        return deps.shoppers.find((shopper) => shopper.email === email);
      }
      default:
        return undefined;
    }
  };

  const makeDiskFull = ({ pid, isUp }: Replica): void => {
    if (!isUp()) return;
    const makeSpace = fillDisk(pid());
    const timer = setTimeout(() => {
      fullDisks.delete(timer);
      makeSpace();
    }, FULL_DISK_MS);
    fullDisks.set(timer, makeSpace);
  };

  const strike = ({ victim, disaster }: Group, call: ProxiedCall): void => {
    const replicas = deps.replicasOf(victim);
    const involved =
      victim === 'checkoutservice'
        ? replicaOfPort(replicas, call.callerPort)
        : replicas.find((replica) => replica === call.replica);
    const target = involved ?? replicas[deps.random(replicas.length)];
    if (target === undefined) return;
    if (disaster === 'killed') target.kill();
    else makeDiskFull(target);
    const name = `${disaster} ${victim}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };

  /** The disaster of a group at the first call of its order to the step; does nothing when it has happened. */
  const disasterOf =
    ({ group, fault }: Shopper, call: ProxiedCall) =>
    (): void => {
      if (group.disasterAt !== fault || happened.has(group)) return;
      happened.add(group);
      strike(group, call);
    };

  const answerAtStep = async (call: ProxiedCall, shopper: Shopper): Promise<Answer | undefined> => {
    const { group, fault } = shopper;
    const disaster = disasterOf(shopper, call);
    if (group.step.when === 'before') disaster();
    const handled = fault === 'refused' ? Promise.resolve(REFUSED) : call.forward();
    // The service that handles the call is struck while it does.
    if (group.victim === call.replica.service) setImmediate(disaster);
    const answer = await handled;
    disaster();
    switch (fault) {
      case 'lost':
        return LOST;
      case 'late':
        return undefined;
      case 'repeated':
        return await call.forward();
      default:
        return answer;
    }
  };

  return {
    counts,
    hasHappened: (group) => happened.has(group),
    handleCall: async (call) => {
      const shopper = shopperOf(call);
      if (shopper === undefined) return await call.forward();
      const { step } = shopper.group;
      const shipment = call.rpc === 'ShipOrder' ? ShipOrderRequest.decode(call.request).idempotencyKey : undefined;
      if (step.isRefunded === true && shipment !== undefined && shipment === shopper.attempts[0]?.shipment) {
        return UNSHIPPABLE;
      }
      const remembered = remembering(call, shopper);
      if (call.rpc !== step.rpc || disturbed.has(shopper)) return await remembered.forward();
      disturbed.add(shopper);
      return await answerAtStep(remembered, shopper);
    },
    [Symbol.dispose]: () => {
      for (const [timer, makeSpace] of fullDisks) {
        clearTimeout(timer);
        makeSpace();
      }
      fullDisks.clear();
    },
  };

  // Remembers whose charge a transaction is: a refund names only the transaction.
  function remembering(call: ProxiedCall, shopper: Shopper): ProxiedCall {
    const forward = async (): Promise<Answer> => {
      const answer = await call.forward();
      if ('response' in answer && call.rpc === 'Charge') {
        buyers.set(ChargeResponse.decode(answer.response).transactionId, shopper);
      }
      if ('response' in answer && call.rpc === 'GetCharge') {
        buyers.set(GetChargeResponse.decode(answer.response).transactionId, shopper);
      }
      return answer;
    };
    return { ...call, forward };
  }
}
