import { link } from './links.ts';
import type { Advertisement, LayoutProps } from './models.ts';

type AdvertisementProps = { readonly layout: LayoutProps; readonly ad: Advertisement | undefined };

/** One line of advertising, marked as such; renders nothing without an ad. */
export function AdvertisementLine({ layout, ad }: AdvertisementProps) {
  if (ad === undefined) {
    return null;
  }
  return (
    <aside class="wrap" aria-label="Advertisement">
      <p class="ad">
        <span class="ad-mark">Ad</span>
        <a href={link(layout, ad.href)}>{ad.text}</a>
      </p>
    </aside>
  );
}
