import { Layout } from './layout.tsx';
import { link } from './links.ts';
import type { LayoutProps, OrderStatusPage } from './models.ts';

type OrderStatusPageProps = { readonly layout: LayoutProps; readonly page: OrderStatusPage };

/** What is known about an order whose placing got no response. */
export function OrderStatusPageView({ layout, page }: OrderStatusPageProps) {
  return (
    <Layout layout={layout} title={page.title}>
      <div class="wrap error">
        <h1>{page.title}</h1>
        <p class="description">{page.message}</p>
        {page.isLooking && <p class="small">This page updates itself every few seconds.</p>}
        <p class="small">
          If the problem persists, report this request id: <code>{layout.requestId}</code>
        </p>
        <a class="button" href={link(layout, page.next.path)}>
          {page.next.text}
        </a>
      </div>
    </Layout>
  );
}
