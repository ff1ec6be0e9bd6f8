import { status } from '@grpc/grpc-js';
import { UpstreamError } from './upstream-error.ts';

const errorOf = (code: number) =>
  new UpstreamError({ upstream: 'paymentservice', rpc: 'Charge', code, details: 'declined' });

const names = Object.values(status).filter((value): value is keyof typeof status => typeof value === 'string');

const OUTAGES = [
  'CANCELLED',
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

// An upstream that returns one of these has not handled the call.
const NOT_HANDLED = ['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'UNIMPLEMENTED', 'UNAUTHENTICATED'];

describe('UpstreamError', () => {
  it('has a message with upstream, RPC, status and details', () => {
    expect(errorOf(status.ABORTED).message).toBe('paymentservice Charge: ABORTED declined');
    expect(errorOf(400).message).toBe('paymentservice Charge: 400 declined');
  });

  it('keeps its cause, and has no reason or metadata when the upstream sent none', () => {
    const cause = new Error('socket');
    const error = new UpstreamError({ upstream: 'p', rpc: 'R', code: status.UNAVAILABLE, details: '', cause });
    expect(error).toMatchObject({ name: 'UpstreamError', cause, reason: undefined, metadata: {} });
  });

  it('distinguishes an outage from a refusal by status code', () => {
    expect(names.filter((name) => errorOf(status[name]).isOutage)).toEqual(OUTAGES);
    expect(errorOf(400).isOutage).toBe(false);
  });

  it('is ambiguous for the codes after which the upstream may have handled the call', () => {
    expect(names.filter((name) => errorOf(status[name]).isAmbiguous)).toEqual(
      OUTAGES.filter((name) => !NOT_HANDLED.includes(name)),
    );
  });
});
