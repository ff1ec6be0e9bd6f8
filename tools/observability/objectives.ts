/** A service level objective, measured at the storefront. */
export type Objective = {
  /** One word, the `slo` label of its series. */
  readonly slo: string;
  /** Begins the names of its alerts. */
  readonly alertPrefix: string;
  /** The counted requests, as a plural noun phrase. */
  readonly what: string;
  /** The share of good responses over 30 days. */
  readonly target: number;
  /** A response is good when its status is not 5xx and it took no longer than this: a bound of the histogram's buckets. */
  readonly withinSeconds: number;
  /** The requests it counts, for the documentation. */
  readonly counted: string;
  /** Matchers of the requests it counts. */
  readonly matchers: string;
};

/** The status of a request whose client disconnected: neither good nor bad. */
export const CLIENT_DISCONNECTED = '499';

// Files, probes and unknown paths are not pages.
const NO_PAGES = '/static/.*|/_healthz|/robots[.]txt|none|_OTHER';

/** All objectives. */
export const OBJECTIVES: readonly Objective[] = [
  {
    slo: 'checkout',
    alertPrefix: 'Checkout',
    what: 'checkouts',
    target: 0.999,
    withinSeconds: 2,
    counted: '`POST /cart/checkout`',
    matchers: 'http_request_method="POST", http_route="/cart/checkout"',
  },
  {
    slo: 'pages',
    alertPrefix: 'Pages',
    what: 'pages',
    target: 0.999,
    withinSeconds: 0.5,
    counted: 'GET and POST of every other page',
    // The route of the checkout accepts POST only, so excluding the route excludes what is counted above.
    matchers: `http_request_method=~"GET|POST", http_route!~"/cart/checkout|${NO_PAGES}"`,
  },
];
