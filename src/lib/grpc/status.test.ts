import type { IncomingHttpHeaders } from 'node:http2';
import { Metadata, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import type { Reason } from '../error-reason.ts';
import { DomainError, type DomainErrorKind } from '../errors.ts';
import { failureOf, failureTrailers, readErrorInfo } from './status.ts';
import { UpstreamError } from './upstream-error.ts';

const CODES: Readonly<Record<DomainErrorKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  'not-found': status.NOT_FOUND,
  'already-exists': status.ALREADY_EXISTS,
  precondition: status.FAILED_PRECONDITION,
  aborted: status.ABORTED,
  exhausted: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
};

const upstreamError = (code: number) =>
  new UpstreamError({ upstream: 'cartservice', rpc: 'GetCart', code, details: 'secret detail', reason: 'CART_FULL' });

describe('failureOf', () => {
  it.each(Object.entries(CODES))('maps a DomainError of kind %s to code %i and keeps its message', (kind, code) => {
    const error = new DomainError(kind as DomainErrorKind, 'CARD_DECLINED', 'what to do', { metadata: { field: 'x' } });
    expect(failureOf(error)).toEqual({
      code,
      message: 'what to do',
      reason: 'CARD_DECLINED',
      metadata: { field: 'x' },
    });
  });

  it.each([
    status.UNAVAILABLE,
    status.DEADLINE_EXCEEDED,
    status.RESOURCE_EXHAUSTED,
    status.CANCELLED,
    status.INTERNAL,
    status.UNKNOWN,
    status.UNIMPLEMENTED,
    status.DATA_LOSS,
  ])('maps an outage of an upstream (code %i) to UNAVAILABLE', (code) => {
    expect(failureOf(upstreamError(code))).toEqual({
      code: status.UNAVAILABLE,
      message: 'cartservice is not available, try again later',
      reason: 'UPSTREAM_UNAVAILABLE',
      metadata: { peer: 'cartservice' },
    });
  });

  it.each<[string, unknown]>([
    ['a refusal by an upstream', upstreamError(status.INVALID_ARGUMENT)],
    ['an upstream code outside the standard', upstreamError(400)],
    ['a TypeError', new TypeError('secret detail')],
    ['a string', 'secret detail'],
    ['undefined', undefined],
    ['null', null],
    ['an object with the fields of a DomainError', { kind: 'invalid', reason: 'X', message: 'secret detail' }],
  ])('maps %s to INTERNAL without its message', (_what, error) => {
    expect(failureOf(error)).toEqual({
      code: status.INTERNAL,
      message: 'internal error',
      reason: 'INTERNAL',
      metadata: {},
    });
  });
});

describe('ErrorInfo', () => {
  it('is read from trailers as it was written', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const metadataOf = fc.dictionary(fc.stringMatching(/^[a-z]\w{0,10}$/), text, { noNullPrototype: true });
    fc.assert(
      fc.property(text, text, metadataOf, (reason, message, metadata) => {
        const sent = failureTrailers(
          { code: status.ABORTED, message, reason: reason as Reason, metadata },
          'cartservice.mercato',
        );
        const headers = sent.toHttp2Headers() as IncomingHttpHeaders;
        const received = Metadata.fromHttp2Headers(headers);
        expect(readErrorInfo(received)).toEqual({ reason, domain: 'cartservice.mercato', metadata });
      }),
    );
  });

  it('is absent when the trailers have none or it cannot be decoded', () => {
    expect(readErrorInfo(new Metadata())).toBeUndefined();
    const garbled = new Metadata();
    garbled.set('grpc-status-details-bin', Buffer.from([0x1a, 0xff, 0xff]));
    expect(readErrorInfo(garbled)).toBeUndefined();
  });
});
