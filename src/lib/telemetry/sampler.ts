import { type Attributes, type Context, isSpanContextValid, type Link, type SpanKind, trace } from '@opentelemetry/api';
import {
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';

const DROP: SamplingResult = { decision: SamplingDecision.NOT_RECORD };

/**
 * Samples `ratio` of new traces and follows the caller's decision for the others, up to `perSecond` sampled ones: a client that
 * marks every trace as sampled cannot make the shop record all of them.
 *
 * @param options.now milliseconds since 1970
 */
export function edgeSampler(options: { ratio: number; perSecond: number; now: () => number }): Sampler {
  const root = new TraceIdRatioBasedSampler(options.ratio);
  const limited = limitedSampler(options);
  return new ParentBasedSampler({ root, remoteParentSampled: limited });
}

/** For a service behind the edge: follows the caller's decision; samples `ratio` of new traces. */
export function innerSampler(ratio: number): Sampler {
  return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
}

function limitedSampler(options: { perSecond: number; now: () => number }): Sampler {
  let tokens = options.perSecond;
  let refilledAtMs = options.now();
  return {
    shouldSample: (
      parent: Context,
      _traceId: string,
      _name: string,
      _kind: SpanKind,
      _attributes: Attributes,
      _links: Link[],
    ) => {
      const nowMs = options.now();
      tokens = Math.min(options.perSecond, tokens + ((nowMs - refilledAtMs) / 1000) * options.perSecond);
      refilledAtMs = nowMs;
      const caller = trace.getSpanContext(parent);
      if (caller === undefined || !isSpanContextValid(caller) || tokens < 1) return DROP;
      tokens -= 1;
      return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    },
    toString: () => `AtMost{${options.perSecond}/s}`,
  };
}
