import type { Frame, ProductCard } from './models.ts';
import { ProductGrid } from './product-grid.tsx';

type RecommendationsProps = { readonly frame: Frame; readonly products: readonly ProductCard[] };

/** A shelf of further products; renders nothing when there are none. */
export function Recommendations({ frame, products }: RecommendationsProps) {
  if (products.length === 0) {
    return null;
  }
  return (
    <section class="wrap shelf" aria-labelledby="recommendations">
      <h2 id="recommendations">You may also like</h2>
      <ProductGrid frame={frame} products={products} compact />
    </section>
  );
}
