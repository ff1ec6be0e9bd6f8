import { status } from '@grpc/grpc-js';
import { FALLBACK_MEMORY_MS, isUnimplemented, withFallback } from './fallback.ts';
import { UpstreamError } from './upstream-error.ts';

const failure = (code: status) => new UpstreamError({ upstream: 'p', rpc: 'BatchConvert', code, details: '' });

/** An upstream whose newer RPC fails with `code.now`, or succeeds while that is OK. */
function setUp(code: { now: status }) {
  const clock = { now: 1_000_000 };
  const made: string[] = [];
  const call = withFallback(
    () => clock.now,
    async (question: string) => {
      made.push(`newer ${question}`);
      if (code.now !== status.OK) throw failure(code.now);
      return 'newer';
    },
    async (question: string) => {
      made.push(`older ${question}`);
      return 'older';
    },
  );
  return { clock, made, call };
}

describe('withFallback', () => {
  it('calls only the newer RPC while it succeeds', async () => {
    const { made, call } = setUp({ now: status.OK });
    expect(await call('a')).toBe('newer');
    expect(made).toEqual(['newer a']);
  });

  it('calls the older RPC with the same request when the newer RPC is UNIMPLEMENTED', async () => {
    const { made, call } = setUp({ now: status.UNIMPLEMENTED });
    expect(await call('a')).toBe('older');
    expect(made).toEqual(['newer a', 'older a']);
  });

  it('remembers UNIMPLEMENTED for a minute, then tries the newer RPC again', async () => {
    const code = { now: status.UNIMPLEMENTED };
    const { made, clock, call } = setUp(code);
    await call('a');
    clock.now += FALLBACK_MEMORY_MS - 1;
    await call('b');
    expect(made).toEqual(['newer a', 'older a', 'older b']);
    clock.now += 1;
    code.now = status.OK;
    expect(await call('c')).toBe('newer');
    expect(await call('d')).toBe('newer');
  });

  it.each([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.INTERNAL, status.NOT_FOUND, status.CANCELLED])(
    'rethrows a failure with another code: %i',
    async (code) => {
      const { made, call } = setUp({ now: code });
      await expect(call('a')).rejects.toMatchObject({ code });
      expect(made).toEqual(['newer a']);
    },
  );

  it('rethrows an error that is not an UpstreamError', async () => {
    const broken = withFallback(
      Date.now,
      () => Promise.reject(new TypeError('x')),
      async () => 'older',
    );
    await expect(broken()).rejects.toThrow(TypeError);
    expect(isUnimplemented(failure(status.UNIMPLEMENTED))).toBe(true);
    expect(isUnimplemented({ code: status.UNIMPLEMENTED })).toBe(false);
  });
});
