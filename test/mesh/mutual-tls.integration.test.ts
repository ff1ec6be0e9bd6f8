import { bareCall } from './bare-call.ts';
import { type Callee, pathOf, returnsOk, startCallee } from './callee.ts';
import { type Authority, makeAuthority } from './certificates.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { listener, passOn, plainCluster } from './envoy-config.ts';
import { callerTransport, nameOf, strictTransport, TRUST_DOMAIN } from './mutual-tls.ts';

const PATH = pathOf('paymentservice', 'Charge');
const SERVICE = 'paymentservice';

describe('a service whose proxy requires mutual TLS', () => {
  let authority: Authority;
  let foreign: Authority;
  let callee: Callee;
  let inbound: Envoy;

  beforeAll(async () => {
    [authority, foreign] = await Promise.all([makeAuthority(), makeAuthority()]);
    callee = await startCallee(SERVICE, returnsOk);
    inbound = await startEnvoy({
      listeners: [
        listener({
          name: 'inbound',
          routes: [passOn(SERVICE)],
          transportSocket: strictTransport(authority.root, await authority.issue(nameOf(SERVICE))),
        }),
      ],
      clusters: [plainCluster(SERVICE, [callee.address])],
    });
  });

  afterAll(async () => {
    await inbound?.[Symbol.asyncDispose]();
    await callee?.[Symbol.asyncDispose]();
    await authority?.[Symbol.asyncDispose]();
    await foreign?.[Symbol.asyncDispose]();
  });

  /** Calls through a proxy with the given certificate. Returns the status and how many calls reached the service. */
  const called = async (from: { by: Authority; name: string } | 'no certificate', to = SERVICE) => {
    const own = from === 'no certificate' ? {} : { own: await from.by.issue(from.name) };
    const cluster = {
      ...plainCluster(SERVICE, [inbound.address('inbound')]),
      transport_socket: callerTransport(authority.root, { to, ...own }),
    };
    const outbound = listener({ name: 'outbound', routes: [passOn(SERVICE)] });
    await using proxy = await startEnvoy({ listeners: [outbound], clusters: [cluster] });
    const before = callee.attempts.length;
    return { status: await bareCall(proxy.address('outbound'), PATH), calls: callee.attempts.length - before };
  };
  const refusals = async (why: string): Promise<number> => {
    const stats = await inbound.stats(new RegExp(`^listener\\..+\\.ssl\\.${why}$`));
    return Object.values(stats).reduce((sum, count) => sum + count, 0);
  };
  const refused = { status: 'UNAVAILABLE', calls: 0 };

  it('accepts a caller of the mesh', async () => {
    expect(await called({ by: authority, name: nameOf('checkoutservice') })).toEqual({ status: 'OK', calls: 1 });
  });

  it.each([
    [
      'of another trust domain',
      'fail_verify_san',
      () => ({ by: authority, name: 'spiffe://elsewhere/ns/mercato/sa/frontend' }),
    ],
    [
      'with a name that only contains the trust domain',
      'fail_verify_san',
      () => ({ by: authority, name: `http://x/${TRUST_DOMAIN}` }),
    ],
    [
      'whose certificate another authority issued',
      'fail_verify_error',
      () => ({ by: foreign, name: nameOf('frontend') }),
    ],
    ['without a certificate', 'fail_verify_no_cert', () => 'no certificate' as const],
  ])('refuses a caller %s', async (_what, why, from) => {
    const before = await refusals(why);
    expect(await called(from())).toEqual(refused);
    expect(await refusals(why)).toBeGreaterThan(before);
  });

  it('refuses plaintext, which the service without a proxy accepts', async () => {
    const before = callee.attempts.length;
    expect(await bareCall(inbound.address('inbound'), PATH)).toMatch(/without a status/);
    expect(callee.attempts).toHaveLength(before);
    expect(await bareCall(callee.address, PATH)).toBe('OK');
  });

  it('is refused by a caller that expects the identity of another service', async () => {
    expect(await called({ by: authority, name: nameOf('checkoutservice') }, 'shippingservice')).toEqual(refused);
  });
});
