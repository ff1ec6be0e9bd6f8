import { Layout } from './layout.tsx';
import { link } from './links.ts';
import type { ErrorPage, LayoutProps } from './models.ts';

type ErrorPageProps = { readonly layout: LayoutProps; readonly page: ErrorPage };

/** What went wrong, what the shopper can do, and the request id to quote. */
export function ErrorPageView({ layout, page }: ErrorPageProps) {
  return (
    <Layout layout={layout} title={page.title}>
      <div class="wrap error">
        <p class="tag tag-large">{page.status}</p>
        <h1>{page.title}</h1>
        <p class="description">{page.message}</p>
        <p class="small">
          If it keeps happening, tell us this request id: <code>{layout.requestId}</code>
        </p>
        <a class="button" href={link(layout, '/')}>
          Back to the stall
        </a>
      </div>
    </Layout>
  );
}
