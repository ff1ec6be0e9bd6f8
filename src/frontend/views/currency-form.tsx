import { link } from './links.ts';
import type { LayoutProps } from './models.ts';

/** Switches the currency of every price; renders nothing when the offered currencies are not known. */
export function CurrencyForm({ layout }: { readonly layout: LayoutProps }) {
  if (layout.currencies.length === 0) {
    return null;
  }
  return (
    <form class="joined currency-form" action={link(layout, '/setCurrency')} method="post">
      <label class="visually-hidden" for="currency_code">
        Currency
      </label>
      <select id="currency_code" name="currency_code">
        {layout.currencies.map((code) => (
          <option key={code} value={code} selected={code === layout.currency}>
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
