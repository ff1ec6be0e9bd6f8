import { CHECKOUT_FIELDS, FIELD_NAMES, type FieldSpec } from '../checkout-form/fields.ts';
import { FormField } from './form-field.tsx';
import { link } from './links.ts';
import type { CheckoutForm, LayoutProps } from './models.ts';

type CheckoutFormProps = {
  readonly layout: LayoutProps;
  readonly form: CheckoutForm;
  /** The amount on the button. */
  readonly total: string | undefined;
};

/** The form that orders the content of the cart. */
export function CheckoutFormView({ layout, form, total }: CheckoutFormProps) {
  const wasSent = form.values.credit_card_number === '';
  return (
    <form class="checkout-form" action={link(layout, '/cart/checkout')} method="post">
      {Object.entries(form.hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <fieldset>
        <legend>Shipping address</legend>
        <Fields group="shipping" form={form} />
      </fieldset>
      <fieldset>
        <legend>Payment</legend>
        {wasSent && <p class="hint">Card data is never stored. Please enter your card again.</p>}
        <Fields group="card" form={form} />
      </fieldset>
      <button class="button button-wide" type="submit">
        {total === undefined ? 'Place order' : `Place order for ${total}`}
      </button>
    </form>
  );
}

function Fields({ group, form }: { readonly group: FieldSpec['group']; readonly form: CheckoutForm }) {
  return (
    <>
      {FIELD_NAMES.filter((name) => CHECKOUT_FIELDS[name].group === group).map((name) => (
        <FormField key={name} name={name} form={form} />
      ))}
    </>
  );
}
