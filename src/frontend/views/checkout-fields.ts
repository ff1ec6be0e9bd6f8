import type { InputHTMLAttributes } from 'preact';
import { ADDRESS_LIMITS } from '../../domain/address.ts';
import { MAX_EMAIL_LENGTH } from '../../domain/limits.ts';
import type { CheckoutField } from './models.ts';

/** A text field of the checkout form: what it is called, what helps to fill it in, what the browser checks. */
export type TextField = {
  readonly name: CheckoutField;
  readonly label: string;
  readonly hint?: string;
  /** True for a field that may stay empty: many countries have no states. */
  readonly isOptional?: boolean;
  readonly input: InputHTMLAttributes;
};

/** Where the order goes, in the order of the form. The limits are those the server checks. */
export const SHIPPING_FIELDS: readonly TextField[] = [
  { name: 'email', label: 'Email', input: { type: 'email', autocomplete: 'email', maxlength: MAX_EMAIL_LENGTH } },
  {
    name: 'street_address',
    label: 'Street address',
    input: { type: 'text', autocomplete: 'shipping address-line1', maxlength: ADDRESS_LIMITS.streetAddress },
  },
  {
    name: 'zip_code',
    label: 'Postal code',
    input: {
      type: 'text',
      autocomplete: 'shipping postal-code',
      maxlength: ADDRESS_LIMITS.postalCode,
      pattern: `[A-Za-z0-9 \\-]{3,${ADDRESS_LIMITS.postalCode}}`,
      title: `3 to ${ADDRESS_LIMITS.postalCode} letters, digits, spaces or dashes`,
    },
  },
  {
    name: 'city',
    label: 'City',
    input: { type: 'text', autocomplete: 'shipping address-level2', maxlength: ADDRESS_LIMITS.city },
  },
  {
    name: 'state',
    label: 'State or region (optional)',
    isOptional: true,
    input: { type: 'text', autocomplete: 'shipping address-level1', maxlength: ADDRESS_LIMITS.state },
  },
  {
    name: 'country',
    label: 'Country',
    input: { type: 'text', autocomplete: 'shipping country-name', maxlength: ADDRESS_LIMITS.country },
  },
];

/** The number on the front of the card. */
export const CARD_NUMBER_FIELD: TextField = {
  name: 'credit_card_number',
  label: 'Card number',
  hint: 'Visa or Mastercard',
  input: {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'cc-number',
    pattern: '(?:[0-9][ \\-]*){12,19}',
    title: '12 to 19 digits; spaces and dashes are fine',
  },
};

/** The code on the back of the card. */
export const CARD_CVV_FIELD: TextField = {
  name: 'credit_card_cvv',
  label: 'Security code',
  input: {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'cc-csc',
    pattern: '[0-9]{3,4}',
    maxlength: 4,
    title: '3 or 4 digits',
  },
};

/** Every field from top to bottom: the order in which problems are listed. */
export const FIELD_ORDER: readonly CheckoutField[] = [
  ...SHIPPING_FIELDS.map((field) => field.name),
  'credit_card_number',
  'credit_card_expiration_month',
  'credit_card_expiration_year',
  'credit_card_cvv',
];
