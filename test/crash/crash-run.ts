import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { repeatableRandom } from '../../src/lib/testing/repeatable-random.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { testClient } from '../../src/lib/testing/test-client.ts';
import { metricsAt, total } from '../integration/live-metrics.ts';
import { type AnswerFault, CELL_COUNT, type Cell, FAULTS, type Group, groupsOf, VICTIMS } from './cells.ts';
import { type CrashShop, startCrashShop } from './crash-shop.ts';
import { disturbances } from './disturbances.ts';
import { type RunStore, readLedgers } from './ledgers.ts';
import { buyOnce, type Shopper } from './shopper.ts';
import { judge, type Purchase, strangers, type Verdict } from './verdict.ts';

// Ends a hang.
const LIMIT_MS = 600_000;
// After its page was shown, an order may still be charged, shipped and mailed for this long.
const STEP_WAIT_MS = 15_000;

export type CrashRun = {
  /** Each round has one order for each cell. */
  readonly rounds: number;
  /** True: a disk is full once for each service, and not at each step. */
  readonly isReduced?: boolean;
  readonly seed: number;
  /** URL of PostgreSQL databases with `{service}`; by default the services store in a folder. */
  readonly databaseUrl?: string | undefined;
  /** Called once in the middle of each round. */
  readonly inEachRound?: () => Promise<void>;
};

export type CellReport = { readonly cell: Cell; readonly verdict: Verdict; readonly mails: number };

export type CrashReport = {
  readonly verdict: Verdict;
  /** Charges and shipments of no shopper. */
  readonly strangers: number;
  readonly cells: readonly CellReport[];
  /** Disasters, as `<disaster> <victim>`. */
  readonly disasters: ReadonlyMap<string, number>;
};

/**
 * Places orders in a shop while its processes are killed and their disks are full, and while responses are lost, late,
 * repeated and refused. Then waits until nothing is unfinished, and judges the ledgers.
 */
export async function crashRun(run: CrashRun): Promise<CrashReport> {
  const { rounds, isReduced = false, seed, databaseUrl, inEachRound = async () => {} } = run;
  using folder = temporaryFolder();
  const shoppers: Shopper[] = [];
  const replicasOf: CrashShop['replicasOf'] = (victim) => shop.replicasOf(victim);
  using disturbed = disturbances({ shoppers, replicasOf, random: repeatableRandom(seed) });
  await using shop = await startCrashShop({
    folder: folder.path,
    variables: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
    handleCall: disturbed.handleCall,
  });

  const placed: Promise<void>[] = [];
  const buy = (group: Group, fault: AnswerFault): Promise<void> => {
    const email = `shopper-${shoppers.length}@example.com`;
    const shopper: Shopper = { group, fault, email, userId: '', attempts: [], orderId: '' };
    shoppers.push(shopper);
    const bought = buyOnce(shop.url, shopper);
    placed.push(bought);
    return bought;
  };
  const runGroup = async (group: Group): Promise<void> => {
    for (const fault of FAULTS) if (fault !== group.disasterAt) void buy(group, fault);
    // The order may end before it reaches the step, because of the disaster of another service: then place another one.
    while (!disturbed.hasHappened(group)) {
      let isOver = false;
      void buy(group, group.disasterAt)
        .then(async () => await pause(STEP_WAIT_MS, undefined, { ref: false }))
        .finally(() => {
          isOver = true;
        });
      const isSettled = (): boolean => isOver || disturbed.hasHappened(group);
      await eventually(`an order reaches the step: ${group.step.name}`, isSettled, LIMIT_MS);
    }
    const isUp = () => replicasOf(group.victim).every((replica) => replica.isUp());
    await eventually(`${group.victim} is up again`, isUp, LIMIT_MS);
  };
  // The victims in parallel, each with its steps one after the other.
  const runVictim = async (victim: (typeof VICTIMS)[number]): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      for (const group of groupsOf(victim, { round, isReduced })) await runGroup(group);
    }
  };
  const disturbEachRound = async (): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      const half = (round + 0.5) * CELL_COUNT;
      await eventually(`${half} shoppers`, () => shoppers.length >= half, LIMIT_MS);
      await inEachRound();
    }
  };
  await Promise.all([...VICTIMS.map(runVictim), ...(isReduced ? [] : [disturbEachRound()])]);
  await Promise.all(placed);
  disturbed[Symbol.dispose]();
  await eventually('no order and no task is unfinished', async () => await isQuiet(shop), LIMIT_MS);

  const purchases = new Map<Shopper, Purchase>();
  for (const shopper of shoppers) purchases.set(shopper, { ...shopper, orders: await ordersOf(shop, shopper) });
  const store: RunStore = databaseUrl === undefined ? { dataDirectory: join(folder.path, 'data') } : { databaseUrl };
  const ledgers = await readLedgers(store);
  const mails = mailsByAddress(join(folder.path, 'mail'));
  const all = [...purchases.values()];
  return {
    verdict: judge(ledgers, all),
    strangers: strangers(ledgers, all),
    disasters: disturbed.counts,
    cells: cellsOf(shoppers).map(({ cell, members }) => ({
      cell,
      verdict: judge(
        ledgers,
        members.flatMap((shopper) => purchases.get(shopper) ?? []),
      ),
      mails: members.reduce((sum, { email }) => sum + (mails.get(email) ?? 0), 0),
    })),
  };
}

async function isQuiet(shop: CrashShop): Promise<boolean> {
  const [checkout] = shop.replicasOf('checkoutservice');
  const samples = await metricsAt(checkout?.metricsUrl ?? '').catch(() => undefined);
  if (samples === undefined) return false;
  const tasks = total(samples, 'mercato_outbox_tasks', { state: 'waiting' });
  return total(samples, 'mercato_orders_unfinished') === 0 && tasks === 0;
}

async function ordersOf(shop: CrashShop, { userId }: Shopper): Promise<Purchase['orders']> {
  const [checkout] = shop.replicasOf('checkoutservice');
  using client = testClient(CheckoutServiceDefinition, checkout?.address ?? '');
  const { orders } = await client.listOrders({ userId, pageSize: 100, pageToken: '' });
  const final: readonly OrderState[] = [OrderState.CONFIRMED, OrderState.REJECTED];
  return orders.map(({ result, state }) => ({ orderId: result?.orderId ?? '', isFinal: final.includes(state) }));
}

function mailsByAddress(directory: string): Map<string, number> {
  const mails = new Map<string, number>();
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.eml'))) {
    const [, address = ''] = /^To: (\S+)/m.exec(readFileSync(join(directory, name), 'utf8')) ?? [];
    mails.set(address, (mails.get(address) ?? 0) + 1);
  }
  return mails;
}

function cellsOf(shoppers: readonly Shopper[]): { cell: Cell; members: Shopper[] }[] {
  const cells = new Map<string, { cell: Cell; members: Shopper[] }>();
  for (const shopper of shoppers) {
    const { group, fault } = shopper;
    const name = JSON.stringify([group.victim, group.disaster, group.step.name, fault]);
    const known = cells.get(name) ?? { cell: { ...group, fault }, members: [] };
    known.members.push(shopper);
    cells.set(name, known);
  }
  return [...cells.values()];
}
