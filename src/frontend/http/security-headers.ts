const NOTHING = ["'none'"];
const SELF = ["'self'"];

// Nothing from elsewhere, nothing inline: what the pages need is named here.
const CONTENT_POLICY = {
  'default-src': NOTHING,
  'style-src': SELF,
  'img-src': SELF,
  'form-action': SELF,
  'base-uri': NOTHING,
  'frame-ancestors': NOTHING,
};
// With no-referrer a browser says Origin: null for our own forms.
const REFERRER_POLICY = 'same-origin';

/** What @fastify/helmet makes the headers of every routed answer from. */
export function helmetOptions() {
  return {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    referrerPolicy: { policy: REFERRER_POLICY as typeof REFERRER_POLICY },
    // TLS ends at the gateway: whether there is any is for it to say.
    strictTransportSecurity: false,
  };
}

/** Those of the same headers that matter to a page which is answered before there is any routing, by name. */
export function headersOfBarePage(): Readonly<Record<string, string>> {
  const policy = Object.entries(CONTENT_POLICY).map(([directive, sources]) => `${directive} ${sources.join(' ')}`);
  return {
    'Content-Security-Policy': policy.join(';'),
    'Referrer-Policy': REFERRER_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
  };
}
