import { link } from './links.ts';
import type { LayoutProps } from './models.ts';

/** A note on the shop, the request id, and the link that ends the session. */
export function SiteFooter({ layout }: { readonly layout: LayoutProps }) {
  return (
    <footer class="site-footer">
      <div class="wrap">
        <p>
          <strong>Mercato</strong> is a demonstration shop: no card is charged and no goods are shipped.
        </p>
        <p class="small">
          <span>
            Request <code>{layout.requestId}</code>
          </span>
          <a href={link(layout, '/logout')} rel="nofollow">
            Reset session
          </a>
        </p>
      </div>
    </footer>
  );
}
