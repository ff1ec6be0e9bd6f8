import { ok, type Page } from '../page/answer.ts';
import type { Visit } from '../page/visit.ts';
import { amountAt, productCard, showAmounts } from '../prices.ts';
import { HomePageView } from '../views/home-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

/** GET /: every product. */
export function homePage(deps: PageDeps): Page {
  const { shop, frame, optional } = deps;
  return async ({ visit }) => {
    const [{ products, currency }, currencies, cart, ad] = await Promise.all([
      loadProducts(deps, visit),
      optional(visit, 'currencies', shop.prices.currencies),
      optional(visit, 'cart', (call) => shop.cart.get(visit.userId, call)),
      optional(visit, 'ads', (call) => shop.suggestions.advertise([], call)),
    ]);
    return ok(
      renderDocument(<HomePageView frame={frame(visit, { currencies, cart, currency })} page={{ products, ad }} />),
    );
  };
}

// The prices wait for the products and for nothing else: what surrounds the page may be slow.
async function loadProducts({ shop, optional }: PageDeps, visit: Visit) {
  const products = await shop.catalogue.list(visit.call);
  const prices = products.map(({ price }) => price);
  const { currency, amounts } = await showAmounts({ prices: shop.prices, optional }, visit, prices);
  return { products: products.map((product, index) => productCard(product, amountAt(amounts, index))), currency };
}
