import { formatMoney, type Money, sum, times } from '../../domain/money.ts';
import type { OrderAttempt } from '../../domain/order-key.ts';
import { type FormContent, fieldOptions, prefilledForm } from '../checkout-form/read-form.ts';
import type { RequestContext } from '../page/request-context.ts';
import { ok, type Page, seeOther } from '../page/response.ts';
import { productCard, showPrices } from '../prices.ts';
import type { Product } from '../upstreams/product.ts';
import { CartPageView } from '../views/cart-page.tsx';
import { FormWithoutCartPageView } from '../views/form-without-cart-page.tsx';
import type { CartPage, CheckoutForm } from '../views/models.ts';
import { renderDocument } from '../views/render-document.tsx';
import { attemptOfKey, hiddenFields } from './order-attempt.ts';
import type { PageDeps } from './page-deps.ts';
import { totalFields } from './shown-total.ts';

/** The content of a submitted checkout form that is shown again. */
export type SentForm = {
  readonly content: FormContent;
  readonly problem: string | undefined;
  /** The order attempt of the submitted form. */
  readonly attempt: OrderAttempt | undefined;
};

/** Earlier order attempts of this shopper. */
export type Before = {
  readonly sent: SentForm | undefined;
  /** The last attempt of this shopper that was refused. */
  readonly refused: OrderAttempt | undefined;
};

/** GET /cart: the cart and the checkout form. */
export function cartPage(deps: PageDeps): Page {
  return async ({ context, refusedKey }) =>
    ok(await renderCart(deps, context, { sent: undefined, refused: attemptOfKey(refusedKey) }));
}

/** POST /cart/empty. */
export function emptyCart({ shop }: PageDeps): Page {
  return async ({ context }) => {
    await shop.cart.empty(context.userId, context.call);
    return seeOther('/');
  };
}

/** Renders the cart, with the form as it was sent when it could not be accepted. */
export async function renderCart(deps: PageDeps, context: RequestContext, before: Before): Promise<string> {
  const { shop, layoutOf, optional } = deps;
  const [{ cart, lines, recommendations, currency, total, ...priced }, currencies] = await Promise.all([
    loadCart(deps, context),
    optional(context, 'currencies', shop.prices.currencies),
  ]);
  const form = checkoutForm(deps, before, { version: cart.version, total });
  const gone = lines.length < cart.items.length;
  const page: CartPage = { ...priced, total: total && formatMoney(total), lines, gone, form, recommendations };
  return renderDocument(
    <CartPageView layout={layoutOf({ requestId: context.call.requestId, currencies, cart, currency })} page={page} />,
  );
}

type Line = { readonly product: Product; readonly quantity: number };

async function loadCart({ shop, optional }: PageDeps, context: RequestContext) {
  const cart = await shop.cart.get(context.userId, context.call);
  const ids = cart.items.map(({ productId }) => productId);
  const isEmpty = ids.length === 0;
  const [products, quote, recommended = []] = await Promise.all([
    isEmpty ? [] : shop.catalogue.batch(ids, context.call),
    isEmpty ? undefined : optional(context, 'quote', (call) => shop.prices.quote(cart.items, call)),
    optional(context, 'recommendations', (call) => shop.suggestions.recommend(context.userId, ids, call)),
  ]);
  const lines = cart.items.flatMap(({ productId, quantity }): Line[] => {
    const product = products.find(({ id }) => id === productId);
    return product === undefined ? [] : [{ product, quantity }];
  });
  const { currency, priceOf, shipping } = await showPrices({ prices: shop.prices, optional }, context, {
    products: [...lines.map(({ product }) => product), ...recommended],
    shipping: quote,
  });
  // Unit prices are rounded before they are multiplied, as in checkoutservice.
  const priced = lines.map(({ product, quantity }) => ({
    product,
    quantity,
    total: times(priceOf(product), quantity),
  }));
  const subtotal = sum(
    currency,
    priced.map(({ total }) => total),
  );
  return {
    cart,
    currency,
    lines: priced.map(({ product, quantity, total }) => ({
      ...productCard(product, priceOf(product)),
      quantity,
      total: formatMoney(total),
    })),
    subtotal: formatMoney(subtotal),
    shipping: shipping && formatMoney(shipping),
    total: shipping && sum(currency, [subtotal, shipping]),
    recommendations: recommended.map((product) => productCard(product, priceOf(product))),
  };
}

/**
 * Renders the checkout form as it was sent, without the cart and without a call.
 *
 * @param total the total that the form showed
 */
export function renderFormWithoutCart(
  deps: PageDeps,
  context: RequestContext,
  { before, total }: { readonly before: Before; readonly total: Money | undefined },
): string {
  const form = checkoutForm(deps, before, { version: undefined, total });
  const layout = deps.layoutOf({ requestId: context.call.requestId, currency: context.currency });
  return renderDocument(
    <FormWithoutCartPageView layout={layout} page={{ form, total: total && formatMoney(total) }} />,
  );
}

function checkoutForm(
  deps: Pick<PageDeps, 'newId' | 'now'>,
  { sent, refused }: Before,
  { version, total }: { readonly version: string | undefined; readonly total: Money | undefined },
): CheckoutForm {
  const content = sent?.content ?? prefilledForm(deps.now());
  return {
    ...content,
    problem: sent?.problem,
    options: fieldOptions(deps.now()),
    hidden: {
      ...hiddenFields({ version, sent: sent?.attempt, refused, newId: deps.newId }),
      ...totalFields(total),
    },
  };
}
