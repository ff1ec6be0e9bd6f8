import { link, productLink } from './links.ts';
import type { LayoutProps, ProductCard } from './models.ts';

type ProductGridProps = {
  readonly layout: LayoutProps;
  readonly products: readonly ProductCard[];
  /** Number of pictures that load with the page; the others load lazily. */
  readonly eager?: number;
  /** Smaller cards, for a section below other content. */
  readonly compact?: boolean;
};

/** Products as a list of cards. The heading level of the names is 3: put it in a section headed by an `h2`. */
export function ProductGrid({ layout, products, eager = 0, compact = false }: ProductGridProps) {
  return (
    <ul class={compact ? 'grid grid-compact' : 'grid'}>
      {products.map((product, index) => (
        <li key={product.id}>
          <a class="card" href={productLink(layout, product.id)}>
            <img
              src={link(layout, product.picture)}
              alt=""
              width="480"
              height="480"
              loading={index < eager ? 'eager' : 'lazy'}
            />
            <h3>{product.name}</h3>
            <p class="tag">{product.price}</p>
          </a>
        </li>
      ))}
    </ul>
  );
}
