import { testCall } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { openChargeStore } from './charge-store.ts';
import { paymentEvents } from './events.ts';
import { paymentHandlers } from './handlers.ts';

describe('a payment service that has removed a transaction because its store was full', () => {
  it('still returns the charge for its key, and never CHARGE_UNKNOWN', async () => {
    const runtime = testRuntime();
    const store = { ...openChargeStore(runtime), find: () => undefined };
    const payment = paymentHandlers({ store, events: paymentEvents(runtime), ...runtime });
    const amount = { currencyCode: 'USD', units: 5n, nanos: 0 };
    const creditCard = {
      creditCardNumber: '4432801561520454',
      creditCardCvv: 672,
      creditCardExpirationYear: 2027,
      creditCardExpirationMonth: 1,
    };
    using call = testCall();
    const { transactionId } = await payment.charge({ amount, creditCard, idempotencyKey: 'key' }, call);
    expect(await payment.getCharge({ idempotencyKey: 'key' }, call)).toMatchObject({ transactionId, amount });
  });
});
