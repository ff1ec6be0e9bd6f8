import { Layout } from './layout.tsx';
import { link } from './links.ts';
import type { ErrorPage, LayoutProps } from './models.ts';

type ErrorPageProps = { readonly layout: LayoutProps; readonly page: ErrorPage };

/** What went wrong and what the shopper can do; for a failure of the server also the request id to report. */
export function ErrorPageView({ layout, page }: ErrorPageProps) {
  return (
    <Layout layout={layout} title={page.title}>
      <div class="wrap error">
        <p class="tag tag-large">{page.status}</p>
        <h1>{page.title}</h1>
        <p class="description">{page.message}</p>
        {page.status >= 500 && (
          <p class="small">
            If the problem persists, report this request id: <code>{layout.requestId}</code>
          </p>
        )}
        <a class="button" href={link(layout, '/')}>
          Back to the shop
        </a>
      </div>
    </Layout>
  );
}
