import { AdvertisementLine } from './advertisement.tsx';
import { Layout } from './layout.tsx';
import { link } from './links.ts';
import type { LayoutProps, ProductPage } from './models.ts';
import { Recommendations } from './recommendations.tsx';

const QUANTITIES = Array.from({ length: 10 }, (_, index) => index + 1);

type ProductPageProps = { readonly layout: LayoutProps; readonly page: ProductPage };

/** One product with the form that adds it to the cart. */
export function ProductPageView({ layout, page }: ProductPageProps) {
  return (
    <Layout layout={layout} title={page.problem === undefined ? page.name : `Error: ${page.name}`}>
      <article class="wrap product">
        <img class="product-picture" src={link(layout, page.picture)} alt={page.name} width="480" height="480" />
        <div class="product-text">
          {page.categories.length > 0 && (
            <ul class="categories" aria-label="Categories">
              {page.categories.map((category) => (
                <li key={category}>{category}</li>
              ))}
            </ul>
          )}
          <h1>{page.name}</h1>
          <p class="tag tag-large">{page.price}</p>
          <p class="description">{page.description}</p>
          <AddToCartForm layout={layout} page={page} />
        </div>
      </article>
      <Recommendations layout={layout} products={page.recommendations} />
      <AdvertisementLine layout={layout} ad={page.ad} />
    </Layout>
  );
}

function AddToCartForm({ layout, page }: ProductPageProps) {
  const isInvalid = page.problem !== undefined;
  return (
    <form class="add-to-cart" action={link(layout, '/cart')} method="post">
      <input type="hidden" name="product_id" value={page.id} />
      <div class="field">
        <label for="quantity">Quantity</label>
        {isInvalid && (
          <p class="problem" id="quantity-problem">
            {page.problem}
          </p>
        )}
        <div class="add-to-cart-row">
          <select
            id="quantity"
            name="quantity"
            aria-invalid={isInvalid ? 'true' : undefined}
            aria-describedby={isInvalid ? 'quantity-problem' : undefined}
          >
            {QUANTITIES.map((quantity) => (
              <option key={quantity} value={quantity}>
                {quantity}
              </option>
            ))}
          </select>
          <button class="button" type="submit">
            Add to cart
          </button>
        </div>
      </div>
    </form>
  );
}
