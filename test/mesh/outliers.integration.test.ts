import { DomainError, type DomainErrorKind } from '../../src/lib/errors.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { bareCall } from './bare-call.ts';
import { type Behaviour, hangs, isUnavailable, pathOf, returnsOk, startCallee } from './callee.ts';
import { meshRulesOf } from './mesh-rules.ts';
import { type Replicas, startProxyTo, startReplicas } from './proxy-to.ts';

const READ = pathOf('cartservice', 'GetCart');
const WRITE = pathOf('cartservice', 'AddItem');
const { consecutiveGatewayErrors, maxEjectionPercent } = meshRulesOf('cartservice').trafficPolicy.outlierDetection;

const fails =
  (kind: DomainErrorKind): Behaviour =>
  async () => {
    throw new DomainError(kind, 'CART_FULL', 'as the test wants it');
  };
const hasBug: Behaviour = async () => {
  throw new Error('a bug');
};

/** Calls until a condition holds. Returns how often each status was returned. */
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
    ['is unavailable', isUnavailable],
    ['does not answer in time', hangs],
  ])(
    'is ejected after the configured number of consecutive failures when it %s, and no read fails',
    async (_what, bad) => {
      await using shop = await startReplicas('cartservice', [bad, returnsOk]);
      const [failing, well] = shop.replicas;
      const statuses = await callUntil(shop, READ, async () => (await shop.ejected()).length > 0);
      expect(Object.keys(statuses)).toEqual(['OK']);
      expect(await shop.ejected()).toEqual([failing?.address]);
      expect(failing?.attempts).toHaveLength(consecutiveGatewayErrors);
      const before = well?.attempts.length ?? 0;
      for (let call = 0; call < 10; call += 1) expect(await bareCall(shop.address, WRITE)).toBe('OK');
      expect(failing?.attempts).toHaveLength(consecutiveGatewayErrors);
      expect(well?.attempts).toHaveLength(before + 10);
    },
  );

  it.each([
    ['returns NOT_FOUND', fails('not-found')],
    ['returns INVALID_ARGUMENT', fails('invalid')],
    ['returns FAILED_PRECONDITION', fails('precondition')],
    ['returns RESOURCE_EXHAUSTED', fails('exhausted')],
    ['returns INTERNAL', hasBug],
  ])('is not ejected when it %s', async (_what, bad) => {
    await using shop = await startReplicas('cartservice', [bad, returnsOk]);
    const [failing] = shop.replicas;
    const enough = 3 * consecutiveGatewayErrors;
    await callUntil(shop, WRITE, async () => (failing?.attempts.length ?? 0) >= enough);
    expect(await shop.ejected()).toEqual([]);
    expect(await counter(shop, 'ejections_detected_consecutive_gateway_failure')).toBe(0);
  });
});

describe('outlier detection when all replicas fail', () => {
  it.each([2, 3, 4])('ejects at most maxEjectionPercent of %d replicas', async (count) => {
    await using shop = await startReplicas(
      'cartservice',
      Array.from({ length: count }, () => isUnavailable),
    );
    await callUntil(shop, WRITE, async () => (await counter(shop, 'ejections_overflow')) > 0);
    const most = Math.floor((count * maxEjectionPercent) / 100);
    expect(most).toBeGreaterThan(0);
    expect(await shop.ejected()).toHaveLength(most);
  });

  it('does not eject the only replica, which serves again as soon as it recovers', async () => {
    let response = isUnavailable;
    await using only = await startCallee('cartservice', (call) => response(call));
    await using proxy = await startProxyTo('cartservice', [only.address]);
    const shop = { ...proxy, replicas: [only] };
    const statuses = await callUntil(shop, WRITE, async () => (await counter(shop, 'ejections_overflow')) > 0);
    expect(statuses).toEqual({ UNAVAILABLE: only.attempts.length });
    expect(await proxy.ejected()).toEqual([]);
    response = returnsOk;
    expect(await bareCall(proxy.address, WRITE)).toBe('OK');
  });
});
