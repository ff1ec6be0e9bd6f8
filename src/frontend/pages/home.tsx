import { ok, type Page } from '../http/answer.ts';
import { amountAt, priceOf, productCard, showAmounts } from '../prices.ts';
import { HomePageView } from '../views/home-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

/** GET /: every product. */
export function homePage({ shop, frame, optional }: PageDeps): Page {
  return async ({ visit }) => {
    const [products, currencies, cart, ad] = await Promise.all([
      shop.catalogue.list(visit.call),
      optional(visit, 'currencies', shop.prices.currencies),
      optional(visit, 'cart', (call) => shop.cart.get(visit.userId, call)),
      optional(visit, 'ads', (call) => shop.suggestions.advertise([], call)),
    ]);
    const { currency, amounts } = await showAmounts({ prices: shop.prices, optional }, visit, products.map(priceOf));
    const page = {
      products: products.map((product, index) => productCard(product, amountAt(amounts, index))),
      ad,
    };
    return ok(renderDocument(<HomePageView frame={frame(visit, { currencies, cart, currency })} page={page} />));
  };
}
