import type { OrderStateName } from '../../order-state.ts';
import { Layout } from './layout.tsx';
import { LineItemsTable } from './line-items-table.tsx';
import { link } from './links.ts';
import type { LayoutProps, OrderPage } from './models.ts';
import { OrderTracker } from './order-tracker.tsx';
import { Time } from './time.tsx';

const TITLES: Readonly<Record<OrderStateName, string>> = {
  PLACED: 'Your order was received',
  PAID: 'Your order was received',
  SHIPPED: 'Your order is on its way',
  CONFIRMED: 'Thank you for your order',
  REFUNDING: 'Your order could not be completed',
  REJECTED: 'Your order was not completed',
};

type OrderPageProps = { readonly layout: LayoutProps; readonly page: OrderPage };

/** An order: its progress, items, amounts and shipping address. */
export function OrderPageView({ layout, page }: OrderPageProps) {
  const isCancelled = page.state === 'REFUNDING' || page.state === 'REJECTED';
  return (
    <Layout layout={layout} title={TITLES[page.state]}>
      <div class="wrap order">
        <h1>{TITLES[page.state]}</h1>
        <div class={isCancelled ? 'notice notice-bad' : 'notice notice-good'}>
          <p>{page.stateText}</p>
          {page.moving && <p class="small">This page updates itself every few seconds.</p>}
        </div>
        <OrderTracker state={page.state} passed={page.passed} />
        <div class="columns">
          <section aria-labelledby="lines">
            <h2 id="lines">What you ordered</h2>
            <LineItemsTable
              layout={layout}
              caption="Items in this order"
              lines={page.lines}
              summary={[
                { label: 'Shipping', amount: page.shipping },
                { label: 'Total', amount: page.total, isTotal: true },
              ]}
            />
          </section>
          <OrderDetails page={page} />
        </div>
        <p class="page-links no-print">
          <a class="button" href={link(layout, '/')}>
            Continue shopping
          </a>
          <a href={link(layout, '/orders')}>Your orders</a>
        </p>
      </div>
    </Layout>
  );
}

function OrderDetails({ page }: { readonly page: OrderPage }) {
  return (
    <section class="panel" aria-labelledby="details">
      <h2 id="details">Details</h2>
      <dl class="details">
        <dt>Order number</dt>
        <dd>
          <code>{page.orderId}</code>
        </dd>
        {page.trackingId !== '' && (
          <>
            <dt>Tracking number</dt>
            <dd>
              <code>{page.trackingId}</code>
            </dd>
          </>
        )}
        <dt>Shipping address</dt>
        <dd>
          {page.isErased ? (
            'Erased at the request of the shopper'
          ) : (
            <address>
              {page.address.map((line, index) => (
                <span key={index}>{line}</span>
              ))}
            </address>
          )}
        </dd>
      </dl>
      {page.history.length > 0 && (
        <>
          <h3>History</h3>
          <ol class="history">
            {page.history.map(({ label, time }, index) => (
              <li key={index}>
                <span>{`${index + 1}. ${label}`}</span>
                <Time time={time} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
