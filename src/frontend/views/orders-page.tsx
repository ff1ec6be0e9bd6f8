import { Layout } from './layout.tsx';
import { link, orderLink } from './links.ts';
import type { LayoutProps, OrderSummary, OrdersPage } from './models.ts';
import { Time } from './time.tsx';

type OrdersPageProps = { readonly layout: LayoutProps; readonly page: OrdersPage };

/** A page of the shopper's orders, or a link to the shop when there are none. */
export function OrdersPageView({ layout, page }: OrdersPageProps) {
  return (
    <Layout layout={layout} title="Your orders" current="orders">
      <div class="wrap">
        <h1>Your orders</h1>
        {page.orders.length > 0 ? (
          <OrderList layout={layout} orders={page.orders} />
        ) : (
          <div class="empty">
            <p>{page.isFirst ? 'You have not ordered anything yet.' : 'There are no older orders.'}</p>
            <a class="button" href={link(layout, '/')}>
              See all products
            </a>
          </div>
        )}
        <PageLinks layout={layout} page={page} />
      </div>
    </Layout>
  );
}

function OrderList({ layout, orders }: { readonly layout: LayoutProps; readonly orders: readonly OrderSummary[] }) {
  return (
    <ol class="orders">
      {orders.map(({ orderId, placed, state, total }) => (
        <li key={orderId}>
          <a class="order-number" href={orderLink(layout, orderId)}>
            <span class="visually-hidden">Order </span>
            <code>{orderId}</code>
          </a>
          {placed !== undefined && <Time time={placed} />}
          <span>{state}</span>
          <strong>{total}</strong>
        </li>
      ))}
    </ol>
  );
}

function PageLinks({ layout, page: { isFirst, olderToken } }: OrdersPageProps) {
  if (isFirst && olderToken === '') return null;
  return (
    <nav class="page-links" aria-label="Pages of your orders">
      {!isFirst && <a href={link(layout, '/orders')}>Newest orders</a>}
      {olderToken !== '' && (
        <a href={link(layout, `/orders?page=${encodeURIComponent(olderToken)}`)} rel="next">
          Older orders
        </a>
      )}
    </nav>
  );
}
