import type { LayoutProps, ProductCard } from './models.ts';
import { ProductGrid } from './product-grid.tsx';

type RecommendationsProps = { readonly layout: LayoutProps; readonly products: readonly ProductCard[] };

/** Recommended products; renders nothing when there are none. */
export function Recommendations({ layout, products }: RecommendationsProps) {
  if (products.length === 0) {
    return null;
  }
  return (
    <section class="wrap shelf" aria-labelledby="recommendations">
      <h2 id="recommendations">You may also like</h2>
      <ProductGrid layout={layout} products={products} compact />
    </section>
  );
}
