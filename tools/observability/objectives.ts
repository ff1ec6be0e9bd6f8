/** What is promised to shoppers, as what is measured at the storefront. */
export type Objective = {
  /** One word, the `slo` label of its series. */
  readonly slo: string;
  /** Begins the names of its alerts. */
  readonly alertPrefix: string;
  /** What it counts, as a plural. */
  readonly what: string;
  /** The part of it that must go well, over 30 days. */
  readonly target: number;
  /** An answer is good when it is no 5xx and took no longer. One of the bounds of the buckets. */
  readonly withinSeconds: number;
  /** Matchers of the requests it counts. */
  readonly matchers: string;
};

/** A client that left is neither served well nor badly. */
export const LEFT = '499';

// Files and health are no pages, and neither is a path that leads nowhere.
const NO_PAGES = '/static/.*|/_healthz|/robots[.]txt|none|_OTHER';

/** All objectives. */
export const OBJECTIVES: readonly Objective[] = [
  {
    slo: 'checkout',
    alertPrefix: 'Checkout',
    what: 'checkouts',
    target: 0.999,
    withinSeconds: 2,
    matchers: 'http_request_method="POST", http_route="/cart/checkout"',
  },
  {
    slo: 'pages',
    alertPrefix: 'Pages',
    what: 'pages',
    target: 0.999,
    withinSeconds: 0.5,
    // The path of the checkout has no other method than the one counted above.
    matchers: `http_request_method=~"GET|POST", http_route!~"/cart/checkout|${NO_PAGES}"`,
  },
];
