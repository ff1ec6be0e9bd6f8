import type { Money } from '../../src/genproto/hipstershop/money.ts';
import type { CreditCardInfo } from '../../src/genproto/hipstershop/payment.ts';
import { type BadCall, NO_IDS, tooMany } from './bad-call.ts';
import type { ShopClients } from './shop-clients.ts';
import { goodCard } from './shopper-state.ts';

/** An invalid card and its reason. */
export const NO_CARDS: readonly (readonly [what: string, card: CreditCardInfo, reason: string])[] = [
  ['of 11 digits', { ...goodCard, creditCardNumber: '44328015615' }, 'CARD_NUMBER_INVALID'],
  ['of 20 digits', { ...goodCard, creditCardNumber: '44328015615204540000' }, 'CARD_NUMBER_INVALID'],
  ['with a wrong check digit', { ...goodCard, creditCardNumber: '4432801561520455' }, 'CARD_NUMBER_INVALID'],
  ['with a number of 10 kB', { ...goodCard, creditCardNumber: '4'.repeat(10_000) }, 'CARD_NUMBER_INVALID'],
  ['of letters', { ...goodCard, creditCardNumber: 'fourfourthreetwo' }, 'CARD_NUMBER_INVALID'],
  ['of month 13', { ...goodCard, creditCardExpirationMonth: 13 }, 'CARD_EXPIRATION_INVALID'],
  ['of month 0', { ...goodCard, creditCardExpirationMonth: 0 }, 'CARD_EXPIRATION_INVALID'],
  ['of year -1', { ...goodCard, creditCardExpirationYear: -1 }, 'CARD_EXPIRATION_INVALID'],
  ['of year 10000', { ...goodCard, creditCardExpirationYear: 10_000 }, 'CARD_EXPIRATION_INVALID'],
  ['with CVV 0', { ...goodCard, creditCardCvv: 0 }, 'CARD_CVV_INVALID'],
  ['with CVV -1', { ...goodCard, creditCardCvv: -1 }, 'CARD_CVV_INVALID'],
  ['with CVV 10000', { ...goodCard, creditCardCvv: 10_000 }, 'CARD_CVV_INVALID'],
];

/** A valid card that cannot be charged, and its reason. */
export const REFUSED_CARDS: readonly (readonly [what: string, card: CreditCardInfo, reason: string])[] = [
  ['that expired last month', { ...goodCard, ...lastMonth() }, 'CARD_EXPIRED'],
  ['of another brand', { ...goodCard, creditCardNumber: '378282246310005' }, 'CARD_BRAND_NOT_ACCEPTED'],
  ['that is always declined', { ...goodCard, creditCardNumber: '4000000000000002' }, 'CARD_DECLINED'],
];

const eur = (units: bigint, nanos: number, currencyCode = 'EUR'): Money => ({ currencyCode, units, nanos });
const tenEuro = eur(10n, 0);

const NO_MONEY: readonly (readonly [what: string, amount: Money | undefined])[] = [
  ['no amount', undefined],
  ['an amount with nanos below its units', eur(1n, -1)],
  ['an amount with nanos above its units', eur(-1n, 1)],
  ['an amount with too many nanos', eur(0n, 1_000_000_000)],
  ['an amount with the fewest nanos', eur(0n, -(2 ** 31))],
  ['an amount of no currency', eur(1n, 0, '')],
  ['an amount of a currency in small letters', eur(1n, 0, 'eur')],
  ['an amount of a currency with a lone surrogate', eur(1n, 0, 'E\ud800R')],
];

const convert = (from: Money | undefined, toCode: string) => async (to: ShopClients) =>
  await to.currency.convert({ from, toCode });

const charge =
  (request: { amount?: Money | undefined; creditCard?: CreditCardInfo | undefined; idempotencyKey?: string }) =>
  async (to: ShopClients) =>
    await to.payment.charge({ amount: tenEuro, creditCard: goodCard, ...request });

const refund =
  (request: { amount?: Money | undefined; transactionId?: string; idempotencyKey?: string }) =>
  async (to: ShopClients) =>
    await to.payment.refund({ transactionId: 'no-such', amount: tenEuro, idempotencyKey: 'refund', ...request });

/** Bad requests to currency and payment. */
export const badMoney: readonly BadCall[] = [
  ...NO_MONEY.flatMap(([what, amount]): BadCall[] => [
    [`convert ${what}`, convert(amount, 'USD'), 'INVALID_ARGUMENT MONEY_INVALID'],
    [`charge ${what}`, charge({ amount }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
    [`refund ${what}`, refund({ amount }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
  ]),
  ['convert from an unknown currency', convert(eur(1n, 0, 'XXX'), 'EUR'), 'INVALID_ARGUMENT CURRENCY_UNKNOWN'],
  ['convert to an unknown currency', convert(tenEuro, 'AED'), 'INVALID_ARGUMENT CURRENCY_UNKNOWN'],
  ...NO_IDS.map(
    ([what, text]): BadCall => [
      `convert to a code ${what}`,
      (to) => to.currency.batchConvert({ from: [tenEuro], toCode: text }),
      'INVALID_ARGUMENT CURRENCY_UNKNOWN',
    ],
  ),
  [
    'convert 101 amounts',
    (to) => to.currency.batchConvert({ from: tooMany(tenEuro), toCode: 'USD' }),
    'INVALID_ARGUMENT FROM_INVALID',
  ],
  ['convert to an amount out of range', convert(eur(2n ** 63n - 1n, 0), 'IDR'), 'INVALID_ARGUMENT MONEY_OUT_OF_RANGE'],
  ['charge nothing', charge({ amount: eur(0n, 0) }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
  ['charge less than nothing', charge({ amount: eur(-1n, 0) }), 'INVALID_ARGUMENT AMOUNT_INVALID'],
  ['charge no card', charge({ creditCard: undefined }), 'INVALID_ARGUMENT CREDIT_CARD_INVALID'],
  ...NO_CARDS.map(
    ([what, creditCard, reason]): BadCall => [
      `charge a card ${what}`,
      charge({ creditCard }),
      `INVALID_ARGUMENT ${reason}`,
    ],
  ),
  ...REFUSED_CARDS.map(
    ([what, creditCard, reason]): BadCall => [
      `charge a card ${what}`,
      charge({ creditCard }),
      `FAILED_PRECONDITION ${reason}`,
    ],
  ),
  ...NO_IDS.flatMap(([what, text]): BadCall[] => [
    [`charge with a key ${what}`, charge({ idempotencyKey: text }), 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
    [`refund with a key ${what}`, refund({ idempotencyKey: text }), 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
    [`refund a transaction ${what}`, refund({ transactionId: text }), 'INVALID_ARGUMENT TRANSACTION_ID_INVALID'],
    [
      `the charge of a key ${what}`,
      (to) => to.payment.getCharge({ idempotencyKey: text }),
      'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID',
    ],
  ]),
  ['refund an unknown transaction', refund({}), 'NOT_FOUND TRANSACTION_UNKNOWN'],
  [
    'the charge of a key that charged nothing',
    (to) => to.payment.getCharge({ idempotencyKey: 'never' }),
    'NOT_FOUND CHARGE_UNKNOWN',
  ],
  [
    'charge a key again with another amount',
    async (to) => {
      await charge({ idempotencyKey: 'twice' })(to);
      return await charge({ idempotencyKey: 'twice', amount: eur(11n, 0) })(to);
    },
    'ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED',
  ],
];

function lastMonth(): Pick<CreditCardInfo, 'creditCardExpirationYear' | 'creditCardExpirationMonth'> {
  const now = new Date();
  const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1));
  return { creditCardExpirationYear: before.getUTCFullYear(), creditCardExpirationMonth: before.getUTCMonth() + 1 };
}
