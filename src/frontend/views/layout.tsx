import type { ComponentChildren } from 'preact';
import { link } from './links.ts';
import type { LayoutProps } from './models.ts';
import { SiteFooter } from './site-footer.tsx';
import { type CurrentPage, SiteHeader } from './site-header.tsx';

type DocumentProps = {
  readonly layout: LayoutProps;
  /** What the page is about, without the name of the shop. */
  readonly title: string;
  /** The header link that this page belongs to. */
  readonly current?: CurrentPage;
  readonly children: ComponentChildren;
};

/** The document around every page: head, skip link, header, the page as `main`, footer. */
export function Layout({ layout, title, current, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Mercato`}</title>
        <link rel="icon" href={link(layout, '/static/favicon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={link(layout, '/static/styles.css')} />
        {layout.bannerColor && <link rel="stylesheet" href={link(layout, '/static/banner.css')} />}
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to content
        </a>
        <SiteHeader layout={layout} current={current} />
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <SiteFooter layout={layout} />
      </body>
    </html>
  );
}
