import type { CallContext } from '../lib/grpc/call-context.ts';
import { TEST_START_MS, type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import {
  type CatalogueCache,
  cacheCatalogue,
  FRESH_MS,
  LOAD_BUDGET_MS,
  RELOAD_WAIT_MS,
  RETRY_MS,
} from './catalogue-cache.ts';

/** A load in flight, which the test completes. */
type Load = { call: CallContext; response: (products: readonly string[]) => void; fail: () => void };

function subject(): { catalogue: CatalogueCache<string>; loads: Load[]; runtime: TestRuntime } {
  const runtime = testRuntime();
  const loads: Load[] = [];
  const load = async (call: CallContext): Promise<readonly string[]> =>
    await new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error('unavailable'));
      call.signal.addEventListener('abort', fail);
      loads.push({ call, response: resolve, fail });
    });
  return { catalogue: cacheCatalogue({ load, now: runtime.now, log: runtime.log }), loads, runtime };
}

/** A cache that was filled at TEST_START_MS. */
async function loadedSubject(): Promise<ReturnType<typeof subject>> {
  const all = subject();
  const first = all.catalogue.products('first');
  all.loads[0]?.response(['old']);
  await first;
  return all;
}

describe('the catalogue cache', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is loaded once for concurrent calls, with the request id of the first', async () => {
    const { catalogue, loads } = subject();
    const waiting = ['first', 'second', 'third'].map((requestId) => catalogue.products(requestId));
    loads[0]?.response(['mug']);
    expect(await Promise.all(waiting)).toEqual([['mug'], ['mug'], ['mug']]);
    expect(loads.map(({ call }) => call.requestId)).toEqual(['first']);
  });

  it('is served for 30 seconds and then reloaded', async () => {
    const { catalogue, loads, runtime } = await loadedSubject();
    runtime.setNow(TEST_START_MS + FRESH_MS - 1);
    expect(await catalogue.products('early')).toEqual(['old']);
    expect(loads).toHaveLength(1);
    runtime.setNow(TEST_START_MS + FRESH_MS);
    const late = catalogue.products('late');
    loads[1]?.response(['new']);
    expect(await late).toEqual(['new']);
    expect(await catalogue.products('later')).toEqual(['new']);
    expect(loads).toHaveLength(2);
  });

  it('is served stale when a reload fails, and the reload is retried after a second', async () => {
    const { catalogue, loads, runtime } = await loadedSubject();
    runtime.setNow(TEST_START_MS + FRESH_MS);
    const late = [catalogue.products('late'), catalogue.products('late-too')];
    loads[1]?.fail();
    expect(await Promise.all(late)).toEqual([['old'], ['old']]);
    expect(runtime.logs.lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'catalogue refresh failed, serving stale products',
        requestId: 'late',
        err: expect.objectContaining({ message: 'unavailable' }) as unknown,
      }),
    ]);
    runtime.setNow(TEST_START_MS + FRESH_MS + RETRY_MS - 1);
    expect(await catalogue.products('soon')).toEqual(['old']);
    expect(loads).toHaveLength(2);
    runtime.setNow(TEST_START_MS + FRESH_MS + RETRY_MS);
    const again = catalogue.products('again');
    loads[2]?.response(['new']);
    expect(await again).toEqual(['new']);
  });

  it('is served stale when a reload takes longer than 250 ms, and the reload goes on', async () => {
    const { catalogue, loads, runtime } = await loadedSubject();
    runtime.setNow(TEST_START_MS + FRESH_MS);
    jest.useFakeTimers();
    let response: readonly string[] | undefined;
    const early = catalogue.products('early').then((products) => {
      response = products;
    });
    await jest.advanceTimersByTimeAsync(RELOAD_WAIT_MS - 1);
    expect(response).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    await early;
    expect(response).toEqual(['old']);
    const later = catalogue.products('later');
    loads[1]?.response(['new']);
    expect(await later).toEqual(['new']);
    expect(loads).toHaveLength(2);
  });

  it('fails all waiting calls when the first load fails, and loads again for the next call', async () => {
    const { catalogue, loads, runtime } = subject();
    const waiting = [catalogue.products('first'), catalogue.products('second')];
    loads[0]?.fail();
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { kind: 'unavailable', reason: 'CATALOGUE_UNAVAILABLE', cause: { message: 'unavailable' } },
      });
    }
    expect(runtime.logs.lines).toEqual([]);
    const next = catalogue.products('next');
    loads[1]?.response(['mug']);
    expect(await next).toEqual(['mug']);
  });

  it('cancels a first load that hangs after its budget and fails the waiting calls', async () => {
    const { catalogue, loads } = subject();
    jest.useFakeTimers();
    const waiting = expect(catalogue.products('first')).rejects.toMatchObject({ reason: 'CATALOGUE_UNAVAILABLE' });
    await jest.advanceTimersByTimeAsync(LOAD_BUDGET_MS - 1);
    expect(loads[0]?.call.signal.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(loads[0]?.call.signal.aborted).toBe(true);
    await waiting;
  });

  it('cancels the load in flight when it is closed', async () => {
    const { catalogue, loads } = subject();
    const waiting = expect(catalogue.products('first')).rejects.toMatchObject({ reason: 'CATALOGUE_UNAVAILABLE' });
    await catalogue.close();
    expect(loads[0]?.call.signal.aborted).toBe(true);
    await waiting;
    await catalogue.close();
  });
});
