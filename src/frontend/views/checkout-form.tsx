import { CARD_CVV_FIELD, CARD_NUMBER_FIELD, SHIPPING_FIELDS } from './checkout-fields.ts';
import { SelectInput, TextInput } from './form-field.tsx';
import { link } from './links.ts';
import type { CheckoutForm, LayoutProps } from './models.ts';

const MONTHS = Array.from({ length: 12 }, (_, index) => String(index + 1));

type CheckoutFormProps = {
  readonly layout: LayoutProps;
  readonly form: CheckoutForm;
  /** Shown on the button: what it will cost to press it. */
  readonly total: string | undefined;
};

/** The form that buys the cart. */
export function CheckoutFormView({ layout, form, total }: CheckoutFormProps) {
  const wasSent = form.values.credit_card_number === '';
  return (
    <form class="checkout-form" action={link(layout, '/cart/checkout')} method="post">
      {Object.entries(form.hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <fieldset>
        <legend>Where it goes</legend>
        {SHIPPING_FIELDS.map((field) => (
          <TextInput key={field.name} field={field} form={form} />
        ))}
      </fieldset>
      <fieldset>
        <legend>How you pay</legend>
        {wasSent && <p class="hint">We never keep what you enter here: please enter your card again.</p>}
        <TextInput field={CARD_NUMBER_FIELD} form={form} />
        <SelectInput
          name="credit_card_expiration_month"
          label="Expiry month"
          autocomplete="cc-exp-month"
          options={MONTHS}
          form={form}
        />
        <SelectInput
          name="credit_card_expiration_year"
          label="Expiry year"
          autocomplete="cc-exp-year"
          options={form.years.map(String)}
          form={form}
        />
        <TextInput field={CARD_CVV_FIELD} form={form} />
      </fieldset>
      <button class="button button-wide" type="submit">
        {total === undefined ? 'Place order' : `Place order for ${total}`}
      </button>
    </form>
  );
}
