import type { RequestContext } from '../page/request-context.ts';
import { ok, type Page } from '../page/response.ts';
import { productCard, showPrices } from '../prices.ts';
import { HomePageView } from '../views/home-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

/** GET /: every product. */
export function homePage(deps: PageDeps): Page {
  const { shop, layoutOf, optional } = deps;
  return async ({ context }) => {
    const [{ products, currency }, currencies, cart, ad] = await Promise.all([
      loadProducts(deps, context),
      optional(context, 'currencies', shop.prices.currencies),
      optional(context, 'cart', (call) => shop.cart.get(context.userId, call)),
      optional(context, 'ads', (call) => shop.suggestions.advertise([], call)),
    ]);
    return ok(
      renderDocument(
        <HomePageView
          layout={layoutOf({ requestId: context.call.requestId, currencies, cart, currency })}
          page={{ products, ad }}
        />,
      ),
    );
  };
}

// The prices depend on the products only, so they do not wait for the other parts of the page.
async function loadProducts({ shop, optional }: PageDeps, context: RequestContext) {
  const products = await shop.catalogue.list(context.call);
  const { currency, priceOf } = await showPrices({ prices: shop.prices, optional }, context, { products });
  return { products: products.map((product) => productCard(product, priceOf(product))), currency };
}
