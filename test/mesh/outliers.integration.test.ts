import { DomainError, type DomainErrorKind } from '../../src/lib/errors.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { bareCall } from './bare-call.ts';
import { type Answer, hangs, isAway, isWell, pathOf, startCallee } from './callee.ts';
import { meshRulesOf } from './mesh-rules.ts';
import { type Replicas, startProxyTo, startReplicas } from './proxy-to.ts';

const READ = pathOf('cartservice', 'GetCart');
const WRITE = pathOf('cartservice', 'AddItem');
const { consecutiveGatewayErrors, maxEjectionPercent } = meshRulesOf('cartservice').trafficPolicy.outlierDetection;

const fails =
  (kind: DomainErrorKind): Answer =>
  async () => {
    throw new DomainError(kind, 'CART_FULL', 'as the test wants it');
  };
const hasBug: Answer = async () => {
  throw new Error('a bug');
};

/** Calls until a condition holds; answers every status, by how often it came. */
async function callUntil(
  proxy: Pick<Replicas, 'address'>,
  path: string,
  holds: () => Promise<boolean>,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  await eventually('calls had their effect', async () => {
    const status = await bareCall(proxy.address, path);
    statuses[status] = (statuses[status] ?? 0) + 1;
    return await holds();
  });
  return statuses;
}

const counter = async (proxy: Replicas, name: string): Promise<number> =>
  (await proxy.stats(new RegExp(`outlier_detection\\.${name}$`)))[`cluster.cartservice.outlier_detection.${name}`] ?? 0;

describe('one of two replicas', () => {
  it.each([
    ['says that it is away', isAway],
    ['does not answer in time', hangs],
  ])('is left out when it %s, as often in a row as the manifest says, and no reader notices', async (_what, bad) => {
    await using shop = await startReplicas('cartservice', [bad, isWell]);
    const [failing, well] = shop.replicas;
    const statuses = await callUntil(shop, READ, async () => (await shop.ejected()).length > 0);
    expect(Object.keys(statuses)).toEqual(['OK']);
    expect(await shop.ejected()).toEqual([failing?.address]);
    expect(failing?.attempts).toHaveLength(consecutiveGatewayErrors);
    const before = well?.attempts.length ?? 0;
    for (let call = 0; call < 10; call += 1) expect(await bareCall(shop.address, WRITE)).toBe('OK');
    expect(failing?.attempts).toHaveLength(consecutiveGatewayErrors);
    expect(well?.attempts).toHaveLength(before + 10);
  });

  it.each([
    ['finds nothing', fails('not-found')],
    ['refuses what it is sent', fails('invalid')],
    ['says no', fails('precondition')],
    ['has too much to do', fails('exhausted')],
    ['has a bug', hasBug],
  ])('stays when it %s', async (_what, bad) => {
    await using shop = await startReplicas('cartservice', [bad, isWell]);
    const [failing] = shop.replicas;
    const enough = 3 * consecutiveGatewayErrors;
    await callUntil(shop, WRITE, async () => (failing?.attempts.length ?? 0) >= enough);
    expect(await shop.ejected()).toEqual([]);
    expect(await counter(shop, 'ejections_detected_consecutive_gateway_failure')).toBe(0);
  });
});

describe('when all replicas fail', () => {
  it.each([2, 3, 4])('of %d at most the share that the manifest says is left out', async (count) => {
    await using shop = await startReplicas(
      'cartservice',
      Array.from({ length: count }, () => isAway),
    );
    await callUntil(shop, WRITE, async () => (await counter(shop, 'ejections_overflow')) > 0);
    const most = Math.floor((count * maxEjectionPercent) / 100);
    expect(most).toBeGreaterThan(0);
    expect(await shop.ejected()).toHaveLength(most);
  });

  it('and there is but one, it stays: it is asked each time, and answers as soon as it is well', async () => {
    let answer = isAway;
    await using only = await startCallee('cartservice', (call) => answer(call));
    await using proxy = await startProxyTo('cartservice', [only.address]);
    const shop = { ...proxy, replicas: [only] };
    const statuses = await callUntil(shop, WRITE, async () => (await counter(shop, 'ejections_overflow')) > 0);
    expect(statuses).toEqual({ UNAVAILABLE: only.attempts.length });
    expect(await proxy.ejected()).toEqual([]);
    answer = isWell;
    expect(await bareCall(proxy.address, WRITE)).toBe('OK');
  });
});
