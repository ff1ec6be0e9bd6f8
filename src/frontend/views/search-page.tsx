import { Layout } from './layout.tsx';
import { link } from './links.ts';
import type { LayoutProps, SearchPage } from './models.ts';
import { ProductGrid } from './product-grid.tsx';

type SearchPageProps = { readonly layout: LayoutProps; readonly page: SearchPage };

/** The results of a search, or advice when there are none. */
export function SearchPageView({ layout, page }: SearchPageProps) {
  return (
    <Layout layout={layout} title={page.query === '' ? 'Search' : `Search: ${page.query}`}>
      <div class="wrap">
        <h1>{page.query === '' ? 'Search' : `Results for “${page.query}”`}</h1>
        {page.results.length > 0 ? (
          <section aria-labelledby="found">
            <h2 id="found" class="lead">
              {page.results.length === 1 ? '1 product' : `${page.results.length} products`}
            </h2>
            <ProductGrid layout={layout} products={page.results} eager={3} />
          </section>
        ) : (
          <div class="empty">
            <p>
              {page.query === '' ? 'Enter a word in the search box above.' : 'No product matches. Try a shorter word.'}
            </p>
            <a class="button" href={link(layout, '/')}>
              See all products
            </a>
          </div>
        )}
      </div>
    </Layout>
  );
}
