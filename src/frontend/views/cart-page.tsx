import { CheckoutFormView } from './checkout-form.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Layout } from './layout.tsx';
import { LineItemsTable, type SummaryRow } from './line-items-table.tsx';
import { link } from './links.ts';
import type { CartPage, LayoutProps } from './models.ts';
import { Recommendations } from './recommendations.tsx';

type CartPageProps = { readonly layout: LayoutProps; readonly page: CartPage };

/** The cart with the checkout form, or a link to the shop when it is empty. */
export function CartPageView({ layout, page }: CartPageProps) {
  // Without lines there is no form that the summary of problems could link to.
  const form = page.lines.length > 0 ? page.form : { ...page.form, problems: {} };
  const hasProblems = form.problem !== undefined || Object.keys(form.problems).length > 0;
  return (
    <Layout layout={layout} title={hasProblems ? 'Error: Cart' : 'Cart'} current="cart">
      <div class="wrap">
        <h1>Your cart</h1>
        <ErrorSummary form={form} />
        {page.gone && form.problem === undefined && <GoneNotice />}
        <CartContent layout={layout} page={page} />
      </div>
      <Recommendations layout={layout} products={page.recommendations} />
    </Layout>
  );
}

function CartContent({ layout, page }: CartPageProps) {
  if (page.lines.length > 0) return <FilledCart layout={layout} page={page} />;
  return page.gone ? <EmptyCartForm layout={layout} /> : <EmptyCart layout={layout} />;
}

function GoneNotice() {
  return (
    <div class="notice notice-bad">
      <p>A product in your cart is no longer available. Please empty the cart and choose again.</p>
    </div>
  );
}

function FilledCart({ layout, page }: CartPageProps) {
  return (
    <div class="columns">
      <section aria-labelledby="lines">
        <h2 id="lines">Items</h2>
        <LineItemsTable layout={layout} caption="Items in your cart" lines={page.lines} summary={cartSummary(page)} />
        <EmptyCartForm layout={layout} />
      </section>
      <section class="panel" aria-labelledby="checkout">
        <h2 id="checkout">Checkout</h2>
        <CheckoutFormView layout={layout} form={page.form} total={page.total} />
      </section>
    </div>
  );
}

function EmptyCartForm({ layout }: { readonly layout: LayoutProps }) {
  return (
    <form class="quiet-form" action={link(layout, '/cart/empty')} method="post">
      <a href={link(layout, '/')}>Continue shopping</a>
      <button class="button-quiet" type="submit">
        Empty cart
      </button>
    </form>
  );
}

function EmptyCart({ layout }: { readonly layout: LayoutProps }) {
  return (
    <div class="empty">
      <p>Your cart is empty. Items stay here for two days.</p>
      <a class="button" href={link(layout, '/')}>
        Go to the shop
      </a>
    </div>
  );
}

function cartSummary(page: CartPage): SummaryRow[] {
  return [
    { label: 'Subtotal', amount: page.subtotal },
    { label: 'Shipping', amount: page.shipping ?? 'Added at checkout' },
    ...(page.total === undefined ? [] : [{ label: 'Total', amount: page.total, isTotal: true }]),
  ];
}
