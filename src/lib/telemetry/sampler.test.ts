import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-node';
import { edgeSampler, innerSampler } from './sampler.ts';

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

/** True when the sampler records a trace: a new one without `caller`, else one whose caller decided. */
function isSampled(sampler: Sampler, traceId: string, caller?: 'sampled' | 'not sampled'): boolean {
  const spanContext = { traceId, spanId: 'b7ad6b7169203331', traceFlags: caller === 'sampled' ? 1 : 0, isRemote: true };
  const parent = caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContext);
  const { decision } = sampler.shouldSample(parent, traceId, 'name', SpanKind.SERVER, {}, []);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

/** Trace ids distributed evenly over all values. */
const traceIds = Array.from({ length: 1000 }, (_, i) => hex(Math.floor(((i + 0.5) * 0xffffffff) / 1000), 32));
const [traceId = ''] = traceIds.slice(-1);

describe.each([
  ['at the edge', (ratio: number) => edgeSampler({ ratio, perSecond: 5, now: () => 0 })],
  ['behind the edge', innerSampler],
])('the sampler %s', (_where, samplerOf) => {
  it.each([
    [1, 1000, 1000],
    [0.1, 50, 150],
    [0, 0, 0],
  ])('samples the share %d of new traces', (ratio, least, most) => {
    const sampler = samplerOf(ratio);
    const sampled = traceIds.filter((id) => isSampled(sampler, id)).length;
    expect(sampled).toBeGreaterThanOrEqual(least);
    expect(sampled).toBeLessThanOrEqual(most);
  });

  it('follows the decision of the caller, whatever the share', () => {
    expect(isSampled(samplerOf(0), traceId, 'sampled')).toBe(true);
    expect(isSampled(samplerOf(1), traceId, 'not sampled')).toBe(false);
  });
});

describe('the sampler at the edge', () => {
  it('limits the traces per second that callers marked as sampled', () => {
    let nowMs = 1000;
    const sampler = edgeSampler({ ratio: 0, perSecond: 5, now: () => nowMs });
    const asked = (count: number): number =>
      Array.from({ length: count }, () => isSampled(sampler, traceId, 'sampled')).filter(Boolean).length;
    expect(asked(1000)).toBe(5);
    nowMs += 400;
    expect(asked(1000)).toBe(2);
    nowMs += 3_600_000;
    expect(asked(1000)).toBe(5);
  });

  it('does not count those against new traces', () => {
    const sampler = edgeSampler({ ratio: 1, perSecond: 1, now: () => 0 });
    for (let i = 0; i < 10; i += 1) isSampled(sampler, traceId, 'sampled');
    expect(isSampled(sampler, traceId)).toBe(true);
  });
});

describe('the sampler behind the edge', () => {
  it('records every trace that the edge recorded', () => {
    const sampler = innerSampler(0);
    expect(traceIds.every((id) => isSampled(sampler, id, 'sampled'))).toBe(true);
  });
});
