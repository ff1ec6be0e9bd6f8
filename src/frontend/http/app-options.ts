import type { Runtime } from '../../lib/runtime/runtime.ts';
import type { FrontendConfig } from '../config.ts';
import type { LayoutOf } from '../layout-props.ts';
import type { Route } from '../page/route.ts';

/** What the HTTP server needs. */
export type AppOptions = {
  readonly config: FrontendConfig;
  readonly runtime: Runtime;
  readonly routes: readonly Route[];
  readonly layoutOf: LayoutOf;
  /** False while the process drains: health checks fail, and connections are closed after each response. */
  readonly isReady: () => boolean;
  /** True after the first response of the product catalogue since the start; without it no page can be served. */
  readonly hasReachedCatalogue: () => Promise<boolean>;
};
