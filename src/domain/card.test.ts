import { cardDigits, cardNumberProblem, requireCard, type TypedCard } from './card.ts';

const typed: TypedCard = {
  creditCardNumber: '4432801561520454',
  creditCardCvv: 672,
  creditCardExpirationYear: 2027,
  creditCardExpirationMonth: 1,
};

describe('a card as it was typed', () => {
  it.each(['4432801561520454', '4432-8015-6152-0454', '4432 8015 6152 0454', ' 4432801561520454 '])(
    'has the same digits when typed %p',
    (number) => {
      expect(requireCard({ ...typed, creditCardNumber: number }).digits).toBe('4432801561520454');
    },
  );

  it.each([
    ['no number', { creditCardNumber: '' }, 'CARD_NUMBER_INVALID'],
    ['letters', { creditCardNumber: '4432x8015y6152z0454' }, 'CARD_NUMBER_INVALID'],
    ['digits of another script', { creditCardNumber: '٤٤٣٢٨٠١٥٦١٥٢٠٤٥٤' }, 'CARD_NUMBER_INVALID'],
    ['11 digits', { creditCardNumber: '79927398713' }, 'CARD_NUMBER_INVALID'],
    ['20 digits', { creditCardNumber: '41111111111111111110' }, 'CARD_NUMBER_INVALID'],
    ['a long row of spaces', { creditCardNumber: `4432801561520454${' '.repeat(100)}` }, 'CARD_NUMBER_INVALID'],
    ['a wrong check digit', { creditCardNumber: '4432801561520455' }, 'CARD_NUMBER_INVALID'],
    ['month 0', { creditCardExpirationMonth: 0 }, 'CARD_EXPIRATION_INVALID'],
    ['month 13', { creditCardExpirationMonth: 13 }, 'CARD_EXPIRATION_INVALID'],
    ['month -1', { creditCardExpirationMonth: -1 }, 'CARD_EXPIRATION_INVALID'],
    ['year 0', { creditCardExpirationYear: 0 }, 'CARD_EXPIRATION_INVALID'],
    ['year 10000', { creditCardExpirationYear: 10_000 }, 'CARD_EXPIRATION_INVALID'],
    ['CVV 0', { creditCardCvv: 0 }, 'CARD_CVV_INVALID'],
    ['CVV -1', { creditCardCvv: -1 }, 'CARD_CVV_INVALID'],
    ['CVV 10000', { creditCardCvv: 10_000 }, 'CARD_CVV_INVALID'],
  ])('is refused with %s', (_what, change, reason) => {
    expect(() => requireCard({ ...typed, ...change })).toThrow(expect.objectContaining({ kind: 'invalid', reason }));
  });

  it.each([1, 7, 99, 100, 999, 1234, 9999])('may have CVV %d: the number has no leading zeros', (cvv) => {
    expect(() => requireCard({ ...typed, creditCardCvv: cvv })).not.toThrow();
  });

  it.each(['630490017740', '6304900177402928441'])('may have 12 to 19 digits: %s', (number) => {
    expect(requireCard({ ...typed, creditCardNumber: number }).digits).toBe(number);
  });

  it.each([
    ['digits', { creditCardNumber: '7777777777777777' }, /7777/],
    ['text', { creditCardNumber: 'my secret' }, /secret/],
    ['a CVV', { creditCardCvv: 98_765 }, /98765/],
  ])('is not part of the error when its %s is wrong', (_what, change, traces) => {
    expect(() => requireCard({ ...typed, ...change })).toThrow(/^credit_card\./);
    expect(() => requireCard({ ...typed, ...change })).not.toThrow(traces);
  });
});

describe('a card number', () => {
  it.each([
    ['4432 8015-6152 0454', undefined],
    ['4432801561520455', 'check-digit'],
    ['443280156152', 'check-digit'],
    ['79927398713', 'length'],
    ['4432801561520454x', 'length'],
    ['', 'length'],
  ])('typed as %j has the problem %p', (number, problem) => {
    expect(cardNumberProblem(cardDigits(number))).toBe(problem);
  });
});
