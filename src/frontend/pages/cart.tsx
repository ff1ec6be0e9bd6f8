import { formatMoney, type Money, sum, times } from '../../domain/money.ts';
import { ok, type Page, seeOther } from '../page/answer.ts';
import type { Visit } from '../page/visit.ts';
import type { Product } from '../peers/product.ts';
import { amountAt, productCard, showAmounts } from '../prices.ts';
import { CartPageView } from '../views/cart-page.tsx';
import type { CartPage, CheckoutForm } from '../views/models.ts';
import { renderDocument } from '../views/render-document.tsx';
import { blankForm, expiryYears, type FormContent } from './checkout-form.ts';
import { hiddenFields, type OrderAttempt, readKey } from './order-attempt.ts';
import type { PageDeps } from './page-deps.ts';

/** What the cart page shows of a form that was sent before. */
export type SentForm = {
  readonly content: FormContent;
  readonly problem: string | undefined;
  /** The attempt it was for. */
  readonly attempt: OrderAttempt | undefined;
};

/** What the cart page knows of orders that were tried before. */
export type Before = {
  readonly sent: SentForm | undefined;
  /** The last attempt of this shopper that was refused, whatever page came since. */
  readonly refused: OrderAttempt | undefined;
};

/** GET /cart: the cart and the form that buys it. */
export function cartPage(deps: PageDeps): Page {
  return async ({ visit, refusedKey }) =>
    ok(await renderCart(deps, visit, { sent: undefined, refused: readKey(refusedKey) }));
}

/** POST /cart/empty. */
export function emptyCart({ shop }: PageDeps): Page {
  return async ({ visit }) => {
    await shop.cart.empty(visit.userId, visit.call);
    return seeOther('/');
  };
}

/** Renders the cart, with the form as it was sent when it could not be accepted. */
export async function renderCart(deps: PageDeps, visit: Visit, before: Before): Promise<string> {
  const { shop, frame, optional } = deps;
  const [{ cart, lines, recommendations, currency, ...priced }, currencies] = await Promise.all([
    loadCart(deps, visit),
    optional(visit, 'currencies', shop.prices.currencies),
  ]);
  const form = checkoutForm(deps, before, cart.version);
  const gone = lines.length < cart.items.length;
  const page: CartPage = { ...priced, lines, gone, form, recommendations };
  return renderDocument(<CartPageView frame={frame(visit, { currencies, cart, currency })} page={page} />);
}

type Line = { readonly product: Product; readonly quantity: number };

async function loadCart({ shop, optional }: PageDeps, visit: Visit) {
  const cart = await shop.cart.get(visit.userId, visit.call);
  const ids = cart.items.map(({ productId }) => productId);
  const isEmpty = ids.length === 0;
  const [products, quote, recommended = []] = await Promise.all([
    isEmpty ? [] : shop.catalogue.batch(ids, visit.call),
    isEmpty ? undefined : optional(visit, 'quote', (call) => shop.prices.quote(cart.items, call)),
    optional(visit, 'recommendations', (call) => shop.suggestions.recommend(visit.userId, ids, call)),
  ]);
  const lines = cart.items.flatMap(({ productId, quantity }): Line[] => {
    const product = products.find(({ id }) => id === productId);
    return product === undefined ? [] : [{ product, quantity }];
  });
  const prices = [...lines.map(({ product }) => product), ...recommended].map(({ price }) => price);
  const shown = await showAmounts({ prices: shop.prices, optional }, visit, quote ? [...prices, quote] : prices);
  return {
    cart,
    currency: shown.currency,
    ...priceLines(lines, shown.amounts, shown.currency),
    ...priceTotals(lines, shown.amounts, { currency: shown.currency, quoted: quote !== undefined }),
    recommendations: recommended.map((product, index) =>
      productCard(product, amountAt(shown.amounts, lines.length + index)),
    ),
  };
}

function priceLines(lines: readonly Line[], amounts: readonly Money[], currency: string) {
  const totals = lines.map(({ quantity }, index) => times(amountAt(amounts, index), quantity));
  return {
    lines: lines.map(({ product, quantity }, index) => ({
      ...productCard(product, amountAt(amounts, index)),
      quantity,
      total: formatMoney(amountAt(totals, index)),
    })),
    subtotal: formatMoney(sum(currency, totals)),
  };
}

// The quote, when there is one, is the last of the amounts. Lines are multiplied after rounding, as checkout does it.
function priceTotals(
  lines: readonly Line[],
  amounts: readonly Money[],
  options: { currency: string; quoted: boolean },
) {
  if (!options.quoted) return { shipping: undefined, total: undefined };
  const shipping = amountAt(amounts, amounts.length - 1);
  const totals = lines.map(({ quantity }, index) => times(amountAt(amounts, index), quantity));
  return { shipping: formatMoney(shipping), total: formatMoney(sum(options.currency, [...totals, shipping])) };
}

function checkoutForm(deps: PageDeps, { sent, refused }: Before, version: string | undefined): CheckoutForm {
  const content = sent?.content ?? { values: blankForm(deps.now()), problems: {} };
  return {
    ...content,
    problem: sent?.problem,
    years: expiryYears(deps.now()),
    hidden: hiddenFields({ version, sent: sent?.attempt, refused, newId: deps.newId }),
  };
}
