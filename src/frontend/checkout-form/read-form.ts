import { ADDRESS_LIMITS, type Address } from '../../domain/address.ts';
import { cardDigits } from '../../domain/card.ts';
import type { Form } from '../page/forms.ts';
import { type CheckoutField, type PerField, perField } from './fields.ts';

/** The texts in the fields of a checkout form, and a message for each field that is not accepted. */
export type FormContent = {
  readonly values: PerField<string>;
  readonly problems: Readonly<Partial<Record<CheckoutField, string>>>;
};

/** A card as it was typed, without spaces and dashes. */
export type TypedCard = {
  readonly number: string;
  readonly cvv: number;
  readonly expirationYear: number;
  readonly expirationMonth: number;
};

/** The content of a checkout form without a problem. */
export type CheckoutData = {
  readonly email: string;
  readonly address: Address & { readonly postalCode: string };
  readonly card: TypedCard;
};

/** Typed text is shown again up to this length: no accepted text is longer. */
const MAX_SHOWN_AGAIN = Math.max(...Object.values(ADDRESS_LIMITS));

/** A new form with demo values. */
export function prefilledForm(nowMs: number): FormContent {
  return { values: perField((_name, spec) => spec.prefilled(nowMs)), problems: {} };
}

/** The options of the fields that are selects. */
export function fieldOptions(nowMs: number): PerField<readonly string[] | undefined> {
  return perField((_name, spec) => spec.options?.(nowMs));
}

/** Reads a sent form: its data when every field is accepted, and the content to show again, without the card. */
export function readCheckoutForm(
  form: Form,
  nowMs: number,
): { readonly data: CheckoutData | undefined; readonly content: FormContent } {
  const textOf = (name: string): string => (form.get(name) ?? '').trim();
  const found = perField((name, spec) => spec.problem(textOf(name), { nowMs, textOf }));
  const problems = Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
  const values = perField((name, { group }) => (group === 'card' ? '' : textOf(name).slice(0, MAX_SHOWN_AGAIN)));
  const data = Object.keys(problems).length > 0 ? undefined : dataOf(textOf);
  return { data, content: { values, problems } };
}

function dataOf(textOf: (name: CheckoutField) => string): CheckoutData {
  return {
    email: textOf('email'),
    address: {
      streetAddress: textOf('street_address'),
      city: textOf('city'),
      state: textOf('state'),
      country: textOf('country'),
      postalCode: textOf('zip_code'),
    },
    card: {
      number: cardDigits(textOf('credit_card_number')),
      cvv: Number(textOf('credit_card_cvv')),
      expirationYear: Number(textOf('credit_card_expiration_year')),
      expirationMonth: Number(textOf('credit_card_expiration_month')),
    },
  };
}
