import { status } from '@grpc/grpc-js';
import { PeerError } from './peer-error.ts';

const errorOf = (code: number) => new PeerError({ peer: 'paymentservice', rpc: 'Charge', code, details: 'declined' });

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

// Whoever answers one of these did nothing.
const NOTHING_DONE = ['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'UNIMPLEMENTED', 'UNAUTHENTICATED'];

describe('PeerError', () => {
  it('says who, what and why', () => {
    expect(errorOf(status.ABORTED).message).toBe('paymentservice Charge: ABORTED declined');
    expect(errorOf(400).message).toBe('paymentservice Charge: 400 declined');
  });

  it('keeps its cause, and has no reason or metadata where the peer sent none', () => {
    const cause = new Error('socket');
    const error = new PeerError({ peer: 'p', rpc: 'R', code: status.UNAVAILABLE, details: '', cause });
    expect(error).toMatchObject({ name: 'PeerError', cause, reason: undefined, metadata: {} });
  });

  it('knows an outage from a refusal, for every code', () => {
    expect(names.filter((name) => errorOf(status[name]).isOutage)).toEqual(OUTAGES);
    expect(errorOf(400).isOutage).toBe(false);
  });

  it('knows when it is unknown whether the peer did its work', () => {
    expect(names.filter((name) => errorOf(status[name]).isUnanswered)).toEqual(
      OUTAGES.filter((name) => !NOTHING_DONE.includes(name)),
    );
  });
});
