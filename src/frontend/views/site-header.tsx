import { MAX_QUERY_LENGTH } from '../../domain/limits.ts';
import { CurrencyForm } from './currency-form.tsx';
import { link } from './links.ts';
import type { LayoutProps } from './models.ts';

/** A page that the header links to. */
export type CurrentPage = 'home' | 'orders' | 'cart';

type SiteHeaderProps = { readonly layout: LayoutProps; readonly current: CurrentPage | undefined };

/** The header: message, brand, search, currency, orders and cart. */
export function SiteHeader({ layout, current }: SiteHeaderProps) {
  return (
    <header class="site-header">
      {layout.banner !== undefined && <p class="banner">{layout.banner}</p>}
      <div class="bar wrap">
        <a class="brand" href={link(layout, '/')} aria-current={current === 'home' ? 'page' : undefined}>
          <img src={link(layout, '/static/favicon.svg')} alt="" width="40" height="40" />
          <span>Mercato</span>
        </a>
        <SearchBox layout={layout} />
        <CurrencyForm layout={layout} />
        <div class="header-links">
          <a href={link(layout, '/orders')} aria-current={current === 'orders' ? 'page' : undefined}>
            Orders
          </a>
          <CartLink layout={layout} isCurrent={current === 'cart'} />
        </div>
      </div>
      <div class="awning" />
    </header>
  );
}

function SearchBox({ layout }: { readonly layout: LayoutProps }) {
  return (
    <search class="search-box">
      <form class="joined" action={link(layout, '/search')} method="get">
        <label class="visually-hidden" for="q">
          Search products
        </label>
        <input id="q" name="q" type="search" value={layout.query} placeholder="Search" maxlength={MAX_QUERY_LENGTH} />
        <button type="submit">
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20" />
          </svg>
          <span class="visually-hidden">Search</span>
        </button>
      </form>
    </search>
  );
}

function CartLink({ layout, isCurrent }: { readonly layout: LayoutProps; readonly isCurrent: boolean }) {
  return (
    <a href={link(layout, '/cart')} aria-current={isCurrent ? 'page' : undefined}>
      Cart
      {layout.cartCount !== undefined && (
        <span class="count">
          {layout.cartCount}
          <span class="visually-hidden">{layout.cartCount === 1 ? ' item' : ' items'}</span>
        </span>
      )}
    </a>
  );
}
