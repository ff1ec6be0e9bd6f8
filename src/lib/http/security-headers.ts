/** Sources of a Content-Security-Policy by directive, such as `{ 'img-src': "'self'" }`. */
export type ContentPolicy = Readonly<Record<string, string>>;

const NOTHING = "'none'";

// The pages ship no script and load nothing from another host, so everything is forbidden that a server does not name.
const CLOSED: ContentPolicy = { 'default-src': NOTHING, 'base-uri': NOTHING, 'frame-ancestors': NOTHING };

// With no-referrer a browser sends Origin: null for the forms of the page itself.
const REFERRER_POLICY = 'same-origin';

/** The policy as @fastify/helmet takes it: everything forbidden but the sources that the server names. */
export function policyDirectives(allowed: ContentPolicy): Record<string, string[]> {
  return Object.fromEntries(Object.entries({ ...CLOSED, ...allowed }).map(([name, sources]) => [name, [sources]]));
}

/** Options of @fastify/helmet for a server whose TLS ends at a proxy in front of it: that proxy sends HSTS. */
export function helmetOptions(allowed: ContentPolicy) {
  return {
    contentSecurityPolicy: { useDefaults: false, directives: policyDirectives(allowed) },
    referrerPolicy: { policy: REFERRER_POLICY as typeof REFERRER_POLICY },
    strictTransportSecurity: false,
  };
}

/** The same headers, as far as they matter to a page, for a response that is written without helmet. */
export function securityHeaders(allowed: ContentPolicy): Readonly<Record<string, string>> {
  const policy = Object.entries(policyDirectives(allowed)).map(([name, sources]) => `${name} ${sources.join(' ')}`);
  return {
    'Content-Security-Policy': policy.join(';'),
    'Referrer-Policy': REFERRER_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
  };
}
