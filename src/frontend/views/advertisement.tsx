import { link } from './links.ts';
import type { Advertisement, Frame } from './models.ts';

type AdvertisementProps = { readonly frame: Frame; readonly ad: Advertisement | undefined };

/** One line of advertising, marked as such; renders nothing without an ad. */
export function AdvertisementLine({ frame, ad }: AdvertisementProps) {
  if (ad === undefined) {
    return null;
  }
  return (
    <aside class="wrap" aria-label="Advertisement">
      <p class="ad">
        <span class="ad-mark">Ad</span>
        <a href={link(frame, ad.href)}>{ad.text}</a>
      </p>
    </aside>
  );
}
