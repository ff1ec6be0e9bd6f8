import { AdvertisementLine } from './advertisement.tsx';
import { Layout } from './layout.tsx';
import { link } from './links.ts';
import type { HomePage, LayoutProps } from './models.ts';
import { ProductGrid } from './product-grid.tsx';

type HomePageProps = { readonly layout: LayoutProps; readonly page: HomePage };

/** The home page: a welcome and all products. */
export function HomePageView({ layout, page }: HomePageProps) {
  return (
    <Layout layout={layout} title="Everyday things, plainly priced" current="home">
      <section class="hero">
        <div class="wrap hero-inner">
          <div class="hero-text">
            <h1>Well made. Plainly priced.</h1>
            <p>
              A small stall of everyday things. The price on the tag is the price you pay, in your currency, and you see
              the shipping before you order.
            </p>
            <a class="button" href="#products">
              See what’s on the stall
            </a>
          </div>
          <img class="hero-picture" src={link(layout, '/static/hero.svg')} alt="" width="720" height="520" />
        </div>
      </section>
      <section class="wrap" aria-labelledby="products">
        <h2 id="products">On the stall today</h2>
        {page.products.length > 0 ? (
          <ProductGrid layout={layout} products={page.products} eager={3} />
        ) : (
          <p>There are no products at the moment. Please come back later.</p>
        )}
      </section>
      <AdvertisementLine layout={layout} ad={page.ad} />
    </Layout>
  );
}
