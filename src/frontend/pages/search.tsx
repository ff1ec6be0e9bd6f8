import { MAX_QUERY_LENGTH } from '../../domain/limits.ts';
import { textProblem } from '../../lib/fields.ts';
import { HttpProblem } from '../page/problem.ts';
import type { RequestContext } from '../page/request-context.ts';
import { ok, type Page } from '../page/response.ts';
import { productCard, showPrices } from '../prices.ts';
import { renderDocument } from '../views/render-document.tsx';
import { SearchPageView } from '../views/search-page.tsx';
import type { PageDeps } from './page-deps.ts';

/** GET /search?q=: the products whose name or description contains the words. */
export function searchPage(deps: PageDeps): Page {
  const { shop, layoutOf, optional } = deps;
  return async ({ context, query: parameters }) => {
    const query = (parameters.get('q') ?? '').trim();
    if (textProblem(query, { min: 0, max: MAX_QUERY_LENGTH }) !== undefined) {
      const advice = `Search for printable words of at most ${MAX_QUERY_LENGTH} characters.`;
      throw new HttpProblem(400, 'Bad request', advice);
    }
    const [{ results, currency }, currencies, cart] = await Promise.all([
      loadResults(deps, context, query),
      optional(context, 'currencies', shop.prices.currencies),
      optional(context, 'cart', (call) => shop.cart.get(context.userId, call)),
    ]);
    const pageContext = { requestId: context.call.requestId, currencies, cart, query, currency };
    return ok(renderDocument(<SearchPageView layout={layoutOf(pageContext)} page={{ query, results }} />));
  };
}

async function loadResults({ shop, optional }: PageDeps, context: RequestContext, query: string) {
  const products = await shop.catalogue.search(query, context.call);
  const { currency, priceOf } = await showPrices({ prices: shop.prices, optional }, context, { products });
  return { results: products.map((product) => productCard(product, priceOf(product))), currency };
}
