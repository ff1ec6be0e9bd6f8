import type { Runtime } from '../../lib/runtime/runtime.ts';
import type { FrontendConfig } from '../config.ts';
import type { LayoutOf } from '../layout-props.ts';
import type { Route } from '../page/route.ts';

/** What the HTTP server is made with. */
export type AppOptions = {
  readonly config: FrontendConfig;
  readonly runtime: Runtime;
  readonly routes: readonly Route[];
  readonly layoutOf: LayoutOf;
  /** False once the process is about to end: health says so, and connections are not kept. */
  readonly isReady: () => boolean;
  /** True once the product catalogue has answered a first time since the start; without it no page can be served. */
  readonly hasReachedCatalogue: () => Promise<boolean>;
};
