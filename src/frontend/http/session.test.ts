import { readSession, SHARED_SESSION_ID } from './session.ts';

const NEW = '11111111-1111-4111-8111-111111111111';
const read = (cookies: Record<string, string>, singleSharedSession = false) =>
  readSession({ cookies }, { singleSharedSession, newId: () => NEW });

describe('the session', () => {
  it.each([
    ['a UUID of version 4', '0b5c2b0e-9b1c-4f6e-8a3d-2f1e0d9c8b7a'],
    ['the readiness probe', 'x-readiness-probe'],
    ['the liveness probe', 'x-liveness-probe'],
    ['the shared session', SHARED_SESSION_ID],
  ])('is kept for %s', (_what, id) => {
    expect(read({ 'shop_session-id': id }).userId).toBe(id);
  });

  it.each([
    ['nothing', ''],
    ['a name', 'admin'],
    ['a UUID of version 1', '0b5c2b0e-9b1c-1f6e-8a3d-2f1e0d9c8b7a'],
    ['a UUID of another variant', '0b5c2b0e-9b1c-4f6e-0a3d-2f1e0d9c8b7a'],
    ['a UUID with a line break', '0b5c2b0e-9b1c-4f6e-8a3d-2f1e0d9c8b7a\n'],
    ['a UUID with a suffix', '0b5c2b0e-9b1c-4f6e-8a3d-2f1e0d9c8b7a:x'],
    ['10 kB', 'x'.repeat(10_000)],
    ['a property of Object.prototype', '__proto__'],
  ])('is a new one for %s', (_what, id) => {
    expect(read({ 'shop_session-id': id }).userId).toBe(NEW);
  });

  it('is a new one without a cookie', () => {
    expect(read({}).userId).toBe(NEW);
  });

  it('is the same for all visitors when sessions are shared', () => {
    expect(read({ 'shop_session-id': NEW }, true).userId).toBe('12345678-1234-1234-1234-123456789123');
  });
});

describe('the currency', () => {
  it.each(['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY'])('is %s when the cookie names it', (code) => {
    expect(read({ shop_currency: code }).currency).toBe(code);
  });

  it.each(['AED', 'eur', '', 'EUR ', 'constructor'])('is USD when the cookie says %j', (code) => {
    expect(read({ shop_currency: code }).currency).toBe('USD');
  });
});
