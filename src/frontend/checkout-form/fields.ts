import { ADDRESS_LIMITS } from '../../domain/address.ts';
import { cardDigits, cardNumberProblem } from '../../domain/card.ts';
import { isEmailAddress } from '../../domain/email-address.ts';
import { MAX_EMAIL_LENGTH } from '../../domain/limits.ts';
import { textProblem } from '../../lib/fields.ts';

/** The input of the validation of a field, other than the text of the field. */
export type CheckContext = {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** The trimmed text of another field. */
  readonly textOf: (name: string) => string;
};

/** HTML attributes of a control. */
type ControlAttributes = {
  readonly type?: 'text' | 'email';
  readonly autocomplete: string;
  readonly inputmode?: 'numeric';
  readonly maxlength?: number;
  readonly pattern?: string;
  readonly title?: string;
};

/** A field of the checkout form: how it is shown, and what the server accepts. */
export type FieldSpec = {
  readonly group: 'shipping' | 'card';
  readonly label: string;
  readonly hint?: string;
  /** True for a field that may stay empty. */
  readonly isOptional?: boolean;
  /** Attributes of its control. The browser checks the same limits as `problem`. */
  readonly control: ControlAttributes;
  /** The options of a select; a field without options is a text input. */
  readonly options?: (nowMs: number) => readonly string[];
  /** The demo value that a new form contains: one click places an order. */
  readonly prefilled: (nowMs: number) => string;
  /** The message for a text that is not accepted. */
  readonly problem: (text: string, context: CheckContext) => string | undefined;
};

/** Years that a card may be valid from now on; Online Boutique's load script sends up to 71. */
const MAX_CARD_YEARS = 100;
const OFFERED_CARD_YEARS = 20;

const NUMBER_PROBLEMS = {
  length: 'Enter the 12 to 19 digits of the card number.',
  'check-digit': 'Check the card number: one of its digits is wrong.',
} as const;

/** The fields from top to bottom, by the names of the contract. */
export const CHECKOUT_FIELDS = {
  email: {
    group: 'shipping',
    label: 'Email',
    control: { type: 'email', autocomplete: 'email', maxlength: MAX_EMAIL_LENGTH },
    prefilled: () => 'someone@example.com',
    problem: (text) => (isEmailAddress(text) ? undefined : 'Enter an e-mail address, such as someone@example.com.'),
  },
  street_address: {
    group: 'shipping',
    label: 'Street address',
    control: { type: 'text', autocomplete: 'shipping address-line1', maxlength: ADDRESS_LIMITS.streetAddress },
    prefilled: () => '1600 Amphitheatre Parkway',
    problem: required(ADDRESS_LIMITS.streetAddress, 'Enter a street and number.'),
  },
  zip_code: {
    group: 'shipping',
    label: 'Postal code',
    control: {
      type: 'text',
      autocomplete: 'shipping postal-code',
      maxlength: ADDRESS_LIMITS.postalCode,
      pattern: `[A-Za-z0-9 \\-]{3,${ADDRESS_LIMITS.postalCode}}`,
      title: `3 to ${ADDRESS_LIMITS.postalCode} letters, digits, spaces or dashes`,
    },
    prefilled: () => '94043',
    problem: postalCodeProblem,
  },
  city: {
    group: 'shipping',
    label: 'City',
    control: { type: 'text', autocomplete: 'shipping address-level2', maxlength: ADDRESS_LIMITS.city },
    prefilled: () => 'Mountain View',
    problem: required(ADDRESS_LIMITS.city, 'Enter a city.'),
  },
  state: {
    group: 'shipping',
    // Many countries have no states.
    label: 'State or region (optional)',
    isOptional: true,
    control: { type: 'text', autocomplete: 'shipping address-level1', maxlength: ADDRESS_LIMITS.state },
    prefilled: () => 'CA',
    problem: (text) => longTextProblem(text, ADDRESS_LIMITS.state),
  },
  country: {
    group: 'shipping',
    label: 'Country',
    control: { type: 'text', autocomplete: 'shipping country-name', maxlength: ADDRESS_LIMITS.country },
    prefilled: () => 'United States',
    problem: required(ADDRESS_LIMITS.country, 'Enter a country.'),
  },
  credit_card_number: {
    group: 'card',
    label: 'Card number',
    hint: 'Visa or Mastercard',
    control: {
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'cc-number',
      pattern: '(?:[0-9][ \\-]*){12,19}',
      title: '12 to 19 digits; spaces and dashes are allowed',
    },
    prefilled: () => '4432801561520454',
    problem: (text) => {
      const problem = cardNumberProblem(cardDigits(text));
      return problem === undefined ? undefined : NUMBER_PROBLEMS[problem];
    },
  },
  credit_card_expiration_month: {
    group: 'card',
    label: 'Expiry month',
    control: { autocomplete: 'cc-exp-month' },
    options: () => Array.from({ length: 12 }, (_, index) => String(index + 1)),
    prefilled: () => '1',
    problem: (text) => (isMonth(text) ? undefined : 'Choose a month from 1 to 12.'),
  },
  credit_card_expiration_year: {
    group: 'card',
    label: 'Expiry year',
    control: { autocomplete: 'cc-exp-year' },
    options: (nowMs) => Array.from({ length: OFFERED_CARD_YEARS }, (_, index) => String(yearOf(nowMs) + index)),
    prefilled: (nowMs) => String(yearOf(nowMs) + 1),
    problem: yearProblem,
  },
  credit_card_cvv: {
    group: 'card',
    label: 'Security code',
    control: {
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'cc-csc',
      pattern: '[0-9]{3,4}',
      maxlength: 4,
      title: '3 or 4 digits',
    },
    prefilled: () => '672',
    problem: (text) =>
      /^\d{3,4}$/.test(text) && Number(text) > 0 ? undefined : 'Enter the 3 or 4 digits on the card.',
  },
} as const satisfies Record<string, FieldSpec>;

/** The name of a field. */
export type CheckoutField = keyof typeof CHECKOUT_FIELDS;

/** One value for each field. */
export type PerField<T> = Readonly<Record<CheckoutField, T>>;

/** The names from top to bottom. */
export const FIELD_NAMES = Object.keys(CHECKOUT_FIELDS) as readonly CheckoutField[];

/** Computes a value for each field. */
export function perField<T>(of: (name: CheckoutField, spec: FieldSpec) => T): PerField<T> {
  return Object.fromEntries(FIELD_NAMES.map((name) => [name, of(name, CHECKOUT_FIELDS[name])])) as PerField<T>;
}

function required(max: number, whenEmpty: string): FieldSpec['problem'] {
  return (text) => (text === '' ? whenEmpty : longTextProblem(text, max));
}

function longTextProblem(text: string, max: number): string | undefined {
  return textProblem(text, { min: 0, max }) === undefined ? undefined : `Enter at most ${max} printable characters.`;
}

function postalCodeProblem(text: string): string | undefined {
  const max = ADDRESS_LIMITS.postalCode;
  const isPostalCode = /^[a-zA-Z0-9 -]{3,}$/.test(text) && text.length <= max;
  return isPostalCode ? undefined : `Enter 3 to ${max} letters, digits, spaces or dashes.`;
}

function yearProblem(text: string, { nowMs, textOf }: CheckContext): string | undefined {
  const thisYear = yearOf(nowMs);
  const year = /^\d{4}$/.test(text) ? Number(text) : 0;
  if (year < thisYear || year > thisYear + MAX_CARD_YEARS) return 'Choose a year in which the card is still valid.';
  const month = textOf('credit_card_expiration_month');
  const isPast = year === thisYear && isMonth(month) && Number(month) < new Date(nowMs).getUTCMonth() + 1;
  return isPast ? 'This card has expired.' : undefined;
}

function isMonth(text: string): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 12;
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}
