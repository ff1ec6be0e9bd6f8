import type { LayoutProps } from './models.ts';

/** The address of a path of this shop, such as `/cart`, below the sub-path it is served under. */
export function link(layout: LayoutProps, path: string): string {
  return `${layout.basePath}${path}`;
}

/** The path of an order's page; the id is percent-encoded. */
export function orderPath(id: string): string {
  return `/order/${encodeURIComponent(id)}`;
}

/** The address of an order's page. */
export function orderLink(layout: LayoutProps, id: string): string {
  return link(layout, orderPath(id));
}

/** The address of a product's page; the id is percent-encoded. */
export function productLink(layout: LayoutProps, id: string): string {
  return link(layout, `/product/${encodeURIComponent(id)}`);
}
