import { testCall } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { openChargeStore } from './charge-store.ts';
import { paymentEvents } from './events.ts';
import { paymentHandlers } from './handlers.ts';

describe('a payment service that has forgotten a transaction because it was full', () => {
  it('still knows by the key that money was taken, and never says that none was', async () => {
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
