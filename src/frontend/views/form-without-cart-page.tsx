import { CheckoutFormView } from './checkout-form.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Layout } from './layout.tsx';
import type { FormWithoutCartPage, LayoutProps } from './models.ts';

type FormWithoutCartPageProps = { readonly layout: LayoutProps; readonly page: FormWithoutCartPage };

/** A checkout form that was not accepted, without the cart, which cannot be read. */
export function FormWithoutCartPageView({ layout, page }: FormWithoutCartPageProps) {
  return (
    <Layout layout={layout} title="Error: Cart" current="cart">
      <div class="wrap">
        <h1>Your cart</h1>
        <ErrorSummary form={page.form} />
        <p>The items in your cart cannot be shown at the moment. They are not lost.</p>
        <section class="panel" aria-labelledby="checkout">
          <h2 id="checkout">Checkout</h2>
          <CheckoutFormView layout={layout} form={page.form} total={page.total} />
        </section>
      </div>
    </Layout>
  );
}
