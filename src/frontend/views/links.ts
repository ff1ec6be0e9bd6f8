import type { Frame } from './models.ts';

/** The address of a path of this shop, such as `/cart`, below the sub-path it is served under. */
export function link(frame: Frame, path: string): string {
  return `${frame.basePath}${path}`;
}

/** The address of a product's page; the id is percent-encoded. */
export function productLink(frame: Frame, id: string): string {
  return link(frame, `/product/${encodeURIComponent(id)}`);
}
