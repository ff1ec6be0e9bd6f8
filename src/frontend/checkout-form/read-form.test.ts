import fc from 'fast-check';
import { anyText } from '../../lib/testing/any-text.ts';
import { parseForm } from '../page/forms.ts';
import { GOOD_FORM } from '../shopper.testing.ts';
import { fieldOptions, prefilledForm, readCheckoutForm } from './read-form.ts';

const NOW = Date.UTC(2026, 10, 23);

const read = (changes: Readonly<Record<string, string>> = {}) =>
  readCheckoutForm(new Map(Object.entries({ ...GOOD_FORM, ...changes })), NOW);

const problemsWith = (changes: Readonly<Record<string, string>>) => Object.keys(read(changes).content.problems);

describe('a checkout form', () => {
  it('is decoded completely when every field is valid', () => {
    expect(read()).toMatchObject({
      content: { problems: {} },
      data: {
        email: 'someone@example.com',
        address: { streetAddress: '1600 Amphitheatre Parkway', postalCode: '94043' },
        card: { number: '4432801561520454', cvv: 672, expirationYear: 2030, expirationMonth: 1 },
      },
    });
  });

  it('is prefilled with valid demo values', () => {
    const form = prefilledForm(NOW).values;
    expect(readCheckoutForm(new Map(Object.entries(form)), NOW).data).toBeDefined();
    expect(form).toMatchObject({ credit_card_number: '4432801561520454', credit_card_cvv: '672', zip_code: '94043' });
    expect(form.credit_card_expiration_year).toBe('2027');
    expect(fieldOptions(NOW).credit_card_expiration_year).toContain('2027');
  });

  it('accepts a card number of 12 to 19 digits, with spaces and dashes', () => {
    expect(read({ credit_card_number: '4432 8015-6152 0454' }).data?.card.number).toBe('4432801561520454');
    expect(problemsWith({ credit_card_number: '000000000000' })).toEqual([]);
    expect(problemsWith({ credit_card_number: '0'.repeat(19) })).toEqual([]);
  });

  it('accepts every expiration year that the load script posts, and the current month', () => {
    for (let year = 2027; year <= 2026 + 71; year += 1) {
      expect(problemsWith({ credit_card_expiration_year: String(year) })).toEqual([]);
    }
    expect(problemsWith({ credit_card_expiration_year: '2026', credit_card_expiration_month: '11' })).toEqual([]);
  });

  it('accepts an address without a state', () => {
    expect(problemsWith({ state: '' })).toEqual([]);
  });

  it.each([
    ['email', ''],
    ['email', 'not-an-email'],
    ['email', 'two words@example.com'],
    ['email', 'a@b@c'],
    ['email', `${'x'.repeat(250)}@example.com`],
    ['email', 'a@b\r\nBcc: c@d'],
    ['email', 'ann@example..com'],
    ['email', 'ann,eve@example.com'],
    ['street_address', ''],
    ['street_address', '   '],
    ['street_address', 'x'.repeat(513)],
    ['street_address', 'line\u0000break'],
    ['zip_code', '12'],
    ['zip_code', '12345678901'],
    ['zip_code', '12_45'],
    ['zip_code', '٩٤٠٤٣'],
    ['city', ''],
    ['city', 'x'.repeat(129)],
    ['state', 'x'.repeat(129)],
    ['country', ''],
    ['country', 'x'.repeat(129)],
    ['country', 'broken \ufffd'],
    ['credit_card_number', ''],
    ['credit_card_number', '4432801561520455'],
    ['credit_card_number', '00000000000'],
    ['credit_card_number', '0'.repeat(20)],
    ['credit_card_number', `4432801561520454${' '.repeat(100)}-`],
    ['credit_card_number', '٤٤٣٢٨٠١٥٦١٥٢٠٤٥٤'],
    ['credit_card_expiration_month', '0'],
    ['credit_card_expiration_month', '13'],
    ['credit_card_expiration_month', '1.5'],
    ['credit_card_expiration_month', '-1'],
    ['credit_card_expiration_month', ''],
    ['credit_card_expiration_year', '2025'],
    ['credit_card_expiration_year', '2127'],
    ['credit_card_expiration_year', '30'],
    ['credit_card_expiration_year', ''],
    ['credit_card_cvv', '12'],
    ['credit_card_cvv', '12345'],
    ['credit_card_cvv', '000'],
    ['credit_card_cvv', '12a'],
    ['credit_card_cvv', ''],
  ])('is refused when %s is %j, with a message for that field only', (field, value) => {
    const { data, content } = read({ [field]: value });
    expect(data).toBeUndefined();
    expect(Object.keys(content.problems)).toEqual([field]);
  });

  it('refuses a card that expired last month', () => {
    expect(problemsWith({ credit_card_expiration_year: '2026', credit_card_expiration_month: '10' })).toEqual([
      'credit_card_expiration_year',
    ]);
  });

  it('reports the problems of all fields together', () => {
    expect(Object.keys(readCheckoutForm(new Map(), NOW).content.problems)).toHaveLength(9);
  });

  it('keeps the typed values, except those of the card', () => {
    const { values } = read({ email: 'not-an-email', city: ' Lisbon ' }).content;
    expect(values).toMatchObject({
      email: 'not-an-email',
      city: 'Lisbon',
      street_address: '1600 Amphitheatre Parkway',
    });
    const ofCard = Object.entries(values).filter(([name]) => name.startsWith('credit_card'));
    expect(ofCard.map(([, value]) => value)).toEqual(['', '', '', '']);
  });

  it('is decoded to encodable values or refused, for arbitrary input', () => {
    const field = fc.constantFrom(...Object.keys(GOOD_FORM));
    const text = fc.oneof(anyText(), fc.string({ unit: 'grapheme' }), fc.nat().map(String));
    fc.assert(
      fc.property(fc.array(fc.tuple(field, text), { maxLength: 3 }), (changes) => {
        const form = parseForm(new URLSearchParams({ ...GOOD_FORM, ...Object.fromEntries(changes) }).toString());
        const { data, content } = readCheckoutForm(form, NOW);
        expect(data === undefined).toBe(Object.keys(content.problems).length > 0);
        const numbers = data === undefined ? [] : Object.values(data.card).slice(1);
        expect(numbers.every((number) => Number.isInteger(number) && Math.abs(Number(number)) < 2 ** 31)).toBe(true);
      }),
    );
  });
});
