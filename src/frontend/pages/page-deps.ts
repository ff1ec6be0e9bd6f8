import type { FrontendEvents } from '../events.ts';
import type { LayoutOf } from '../layout-props.ts';
import type { OptionalPart } from '../optional-part.ts';
import type { Shop } from '../upstreams/shop.ts';

/** What the pages need. */
export type PageDeps = {
  readonly shop: Shop;
  readonly layoutOf: LayoutOf;
  readonly optional: OptionalPart;
  readonly events: FrontendEvents;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
};
