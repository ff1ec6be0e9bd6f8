import { FIELD_NAMES } from '../checkout-form/fields.ts';
import type { CheckoutForm } from './models.ts';

/** The problems of a form, each with a link to its field; renders nothing when there are none. */
export function ErrorSummary({ form }: { readonly form: CheckoutForm }) {
  const wrong = FIELD_NAMES.filter((field) => form.problems[field] !== undefined);
  if (form.problem === undefined && wrong.length === 0) {
    return null;
  }
  return (
    // Focused on load, so that a screen reader starts at the problems without a script.
    <section class="notice notice-bad" aria-labelledby="problems" tabindex={-1} autofocus>
      <h2 id="problems">Your order was not placed</h2>
      {form.problem !== undefined && <p>{form.problem}</p>}
      {wrong.length > 0 && (
        <ul>
          {wrong.map((field) => (
            <li key={field}>
              <a href={`#${field}`}>{form.problems[field]}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
