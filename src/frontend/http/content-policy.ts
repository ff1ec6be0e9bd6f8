import type { ContentPolicy } from '../../lib/http/security-headers.ts';

/** What the pages of the storefront may load and where their forms may go: this host. */
export const CONTENT_POLICY: ContentPolicy = { 'style-src': "'self'", 'img-src': "'self'", 'form-action': "'self'" };
