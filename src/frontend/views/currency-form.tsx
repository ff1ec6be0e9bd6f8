import { link } from './links.ts';
import type { Frame } from './models.ts';

/** Switches the currency of every price; renders nothing when the offered currencies are not known. */
export function CurrencyForm({ frame }: { readonly frame: Frame }) {
  if (frame.currencies.length === 0) {
    return null;
  }
  return (
    <form class="joined currency-form" action={link(frame, '/setCurrency')} method="post">
      <label class="visually-hidden" for="currency_code">
        Currency
      </label>
      <select id="currency_code" name="currency_code">
        {frame.currencies.map((code) => (
          <option key={code} value={code} selected={code === frame.currency}>
            {code}
          </option>
        ))}
      </select>
      <button type="submit">
        Set<span class="visually-hidden"> currency</span>
      </button>
    </form>
  );
}
