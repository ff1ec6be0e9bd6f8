import { toWire } from '../../domain/money.ts';
import type { CartLimit } from '../../reasons.ts';
import { addFailed, notFound } from '../page/problem.ts';
import type { RequestContext } from '../page/request-context.ts';
import { ok, type Page, type PageRequest, type PageResponse, seeOther } from '../page/response.ts';
import { productCard, showPrices } from '../prices.ts';
import type { Product } from '../upstreams/product.ts';
import type { Shop } from '../upstreams/shop.ts';
import { ProductPageView } from '../views/product-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

const CHOOSE_QUANTITY = 'Choose a quantity from 1 to 10.';
const CART_LIMITS: Readonly<Record<CartLimit, string>> = {
  CART_LINE_FULL: 'Your cart holds as many of this product as it can.',
  CART_FULL: 'Your cart holds as many different products as it can.',
};

/** GET /product/{id}. */
export function productPage(deps: PageDeps): Page {
  return async ({ context, params }) => ok(await renderProduct(deps, context, params.id ?? '', undefined));
}

/** POST /cart: adds a product to the cart; shows the product again, with 422, when the quantity cannot be added. */
export function addToCart(deps: PageDeps): Page {
  const showAgain = async (context: RequestContext, productId: string, problem: string): Promise<PageResponse> => ({
    kind: 'page',
    status: 422,
    html: await renderProduct(deps, context, productId, problem),
  });
  return async ({ context, form }: PageRequest) => {
    const productId = form.get('product_id') ?? '';
    const quantity = readQuantity(form.get('quantity'));
    if (quantity === undefined) return await showAgain(context, productId, CHOOSE_QUANTITY);
    const { id } = await requireProduct(deps.shop, context, productId);
    const outcome = await deps.shop.cart
      .add(context.userId, { productId: id, quantity }, context.call)
      .catch((cause) => {
        throw addFailed(cause);
      });
    return outcome === 'added' ? seeOther('/cart') : await showAgain(context, productId, CART_LIMITS[outcome]);
  };
}

/** GET /product-meta/{id}: a product as JSON, with the field names of the protocol. */
export function productMeta({ shop }: PageDeps): Page {
  return async ({ context, params }) => {
    const product = await shop.catalogue.find(params.id ?? '', context.call);
    if (product === undefined) return { kind: 'json', status: 404, body: { error: 'no such product' } };
    const { id, name, description, picture, price, categories } = product;
    const { currencyCode, units, nanos } = toWire(price);
    const priceUsd = { currency_code: currencyCode, units: Number(units), nanos };
    return { kind: 'json', status: 200, body: { id, name, description, picture, price_usd: priceUsd, categories } };
  };
}

function readQuantity(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,2}$/.test(text)) return undefined;
  const quantity = Number(text);
  return quantity >= 1 && quantity <= 10 ? quantity : undefined;
}

async function renderProduct(
  deps: PageDeps,
  context: RequestContext,
  productId: string,
  problem: string | undefined,
): Promise<string> {
  const { shop, layoutOf, optional } = deps;
  const [{ page, currency }, currencies, cart] = await Promise.all([
    loadProduct(deps, context, productId),
    optional(context, 'currencies', shop.prices.currencies),
    optional(context, 'cart', (call) => shop.cart.get(context.userId, call)),
  ]);
  return renderDocument(
    <ProductPageView
      layout={layoutOf({ requestId: context.call.requestId, currencies, cart, currency })}
      page={{ ...page, problem }}
    />,
  );
}

async function loadProduct({ shop, optional }: PageDeps, context: RequestContext, productId: string) {
  const [product, recommended = []] = await Promise.all([
    requireProduct(shop, context, productId),
    optional(context, 'recommendations', (call) => shop.suggestions.recommend(context.userId, [productId], call)),
  ]);
  const [ad, { currency, priceOf }] = await Promise.all([
    optional(context, 'ads', (call) => shop.suggestions.advertise(product.categories, call)),
    showPrices({ prices: shop.prices, optional }, context, { products: [product, ...recommended] }),
  ]);
  const page = {
    ...productCard(product, priceOf(product)),
    description: product.description,
    categories: product.categories,
    recommendations: recommended.map((other) => productCard(other, priceOf(other))),
    ad,
  };
  return { page, currency };
}

// Throws instead of returning a page, so that a 404 does not wait for the other parts.
async function requireProduct(shop: Shop, context: RequestContext, productId: string): Promise<Product> {
  const product = await shop.catalogue.find(productId, context.call);
  if (product === undefined) throw notFound('This product does not exist.');
  return product;
}
