import { ADDRESS_LIMITS } from '../../domain/address.ts';
import { cardDigits, cardNumberProblem } from '../../domain/card.ts';
import { isEmailAddress } from '../../domain/email-address.ts';
import { textProblem } from '../../lib/fields.ts';
import type { Form } from '../page/forms.ts';
import type { CheckoutField } from '../views/models.ts';

/** What stands in the fields of a checkout form, and what is wrong with it. */
export type FormContent = {
  readonly values: Readonly<Record<CheckoutField, string>>;
  readonly problems: Readonly<Partial<Record<CheckoutField, string>>>;
};

/** A checkout form without a mistake. */
export type CheckoutData = {
  readonly email: string;
  readonly address: {
    readonly streetAddress: string;
    readonly city: string;
    readonly state: string;
    readonly country: string;
    /** The number of the postal code when that is all digits and fits an int32, else 0. */
    readonly zipCode: number;
    readonly postalCode: string;
  };
  readonly card: {
    readonly creditCardNumber: string;
    readonly creditCardCvv: number;
    readonly creditCardExpirationYear: number;
    readonly creditCardExpirationMonth: number;
  };
};

const FIELDS: readonly CheckoutField[] = [
  ...(['email', 'street_address', 'zip_code', 'city', 'state', 'country'] as const),
  ...([
    'credit_card_number',
    'credit_card_expiration_month',
    'credit_card_expiration_year',
    'credit_card_cvv',
  ] as const),
];

const NUMBER_PROBLEMS = {
  length: 'Enter the 12 to 19 digits of the card number.',
  'check-digit': 'Check the card number: one of its digits is wrong.',
} as const;

/** Years a card may be valid from now on: the third-party load script goes up to 71. */
const MAX_CARD_YEARS = 100;
const OFFERED_CARD_YEARS = 20;

/** An int32 on the wire: ten digits may be more than it holds. */
const MAX_ZIP_CODE = 2 ** 31 - 1;

/** Characters of what was typed that are shown again: nothing that is right is longer. */
const MAX_SHOWN_AGAIN = Math.max(...Object.values(ADDRESS_LIMITS));

/** The demonstration values of the original: one click buys. */
export function blankForm(nowMs: number): Record<CheckoutField, string> {
  return {
    email: 'someone@example.com',
    street_address: '1600 Amphitheatre Parkway',
    zip_code: '94043',
    city: 'Mountain View',
    state: 'CA',
    country: 'United States',
    credit_card_number: '4432801561520454',
    credit_card_expiration_month: '1',
    credit_card_expiration_year: String(yearOf(nowMs) + 1),
    credit_card_cvv: '672',
  };
}

/** The years offered for a card. */
export function expiryYears(nowMs: number): number[] {
  return Array.from({ length: OFFERED_CARD_YEARS }, (_, index) => yearOf(nowMs) + index);
}

/** Reads a sent form: its data, or what stood in it with a sentence for each mistake. What was typed of a card is not kept. */
export function readCheckoutForm(
  form: Form,
  nowMs: number,
):
  | { readonly data: CheckoutData; readonly content: FormContent }
  | { readonly data: undefined; readonly content: FormContent } {
  const value = (name: CheckoutField): string => (form.get(name) ?? '').trim();
  const checks: Record<CheckoutField, (text: string) => string | undefined> = {
    email: (text) => (isEmailAddress(text) ? undefined : 'Enter an e-mail address, such as someone@example.com.'),
    street_address: (text) =>
      lengthProblem(text, { min: 1, max: ADDRESS_LIMITS.streetAddress }, 'Enter a street and number.'),
    zip_code: postalCodeProblem,
    city: (text) => lengthProblem(text, { min: 1, max: ADDRESS_LIMITS.city }, 'Enter a city.'),
    state: (text) => lengthProblem(text, { min: 0, max: ADDRESS_LIMITS.state }, ''),
    country: (text) => lengthProblem(text, { min: 1, max: ADDRESS_LIMITS.country }, 'Enter a country.'),
    credit_card_number: numberProblem,
    credit_card_expiration_month: (text) => (isMonth(text) ? undefined : 'Choose a month from 1 to 12.'),
    credit_card_expiration_year: (text) => yearProblem(text, value('credit_card_expiration_month'), nowMs),
    credit_card_cvv: (text) =>
      /^\d{3,4}$/.test(text) && Number(text) > 0 ? undefined : 'Enter the 3 or 4 digits on the card.',
  };
  const problems = Object.fromEntries(
    FIELDS.flatMap((name) => {
      const problem = checks[name](value(name));
      return problem === undefined ? [] : [[name, problem]];
    }),
  ) as Partial<Record<CheckoutField, string>>;
  const values = Object.fromEntries(
    FIELDS.map((name) => [name, name.startsWith('credit_card') ? '' : value(name).slice(0, MAX_SHOWN_AGAIN)]),
  ) as Record<CheckoutField, string>;
  const content = { values, problems };
  return Object.keys(problems).length > 0 ? { data: undefined, content } : { data: dataOf(value), content };
}

function dataOf(value: (name: CheckoutField) => string): CheckoutData {
  const postalCode = value('zip_code');
  return {
    email: value('email'),
    address: {
      streetAddress: value('street_address'),
      city: value('city'),
      state: value('state'),
      country: value('country'),
      zipCode: /^\d+$/.test(postalCode) && Number(postalCode) <= MAX_ZIP_CODE ? Number(postalCode) : 0,
      postalCode,
    },
    card: {
      creditCardNumber: cardDigits(value('credit_card_number')),
      creditCardCvv: Number(value('credit_card_cvv')),
      creditCardExpirationYear: Number(value('credit_card_expiration_year')),
      creditCardExpirationMonth: Number(value('credit_card_expiration_month')),
    },
  };
}

function postalCodeProblem(text: string): string | undefined {
  const max = ADDRESS_LIMITS.postalCode;
  const isPostalCode = /^[a-zA-Z0-9 -]{3,}$/.test(text) && text.length <= max;
  return isPostalCode ? undefined : `Enter 3 to ${max} letters, digits, spaces or dashes.`;
}

function lengthProblem(text: string, limits: { min: number; max: number }, whenShort: string): string | undefined {
  if (text.length < limits.min) return whenShort;
  return textProblem(text, limits) === undefined ? undefined : `Enter at most ${limits.max} printable characters.`;
}

function numberProblem(text: string): string | undefined {
  const problem = cardNumberProblem(cardDigits(text));
  return problem === undefined ? undefined : NUMBER_PROBLEMS[problem];
}

function yearProblem(text: string, month: string, nowMs: number): string | undefined {
  const thisYear = yearOf(nowMs);
  const year = /^\d{4}$/.test(text) ? Number(text) : 0;
  if (year < thisYear || year > thisYear + MAX_CARD_YEARS) return 'Choose a year in which the card is still valid.';
  const isPast = year === thisYear && isMonth(month) && Number(month) < new Date(nowMs).getUTCMonth() + 1;
  return isPast ? 'This card has expired.' : undefined;
}

function isMonth(text: string): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 12;
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}
