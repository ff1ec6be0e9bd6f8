import type { Form } from './forms.ts';
import type { RequestContext } from './request-context.ts';

/** The request of a page. */
export type PageRequest = {
  readonly context: RequestContext;
  /** The parameters of the path, such as the product's id. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly form: Form;
  /** Path of the referring page on this site; `undefined` without one. */
  readonly safeReferer: string | undefined;
  /** Key of the shopper's last order that was refused, from a cookie of an earlier response. */
  readonly refusedKey: string | undefined;
  /** The shopper's last order that was still in progress when it was placed, from a cookie of an earlier response. */
  readonly openOrder: OpenOrder | undefined;
};

/** An order that may still be rejected, and the idempotency key it was placed with. */
export type OpenOrder = { readonly orderId: string; readonly key: string };

/** The response of a page. Paths are below the base path. */
export type PageResponse =
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly html: string;
      /** Seconds after which the browser loads the page again. */
      readonly refreshSeconds?: number;
      /** The path that it loads instead. */
      readonly refreshTo?: string;
      /** Value of the Retry-After header. */
      readonly retryAfterSeconds?: number;
      /** The outage behind a 503; goes to the log. */
      readonly cause?: Error;
      readonly cookies?: CookieChange;
    }
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'redirect'; readonly status: 302 | 303; readonly to: string; readonly cookies?: CookieChange };

/** The cookies that a response sets or clears. */
export type CookieChange =
  | { readonly currency: string }
  | { readonly refusedKey: string }
  | { readonly openOrder: OpenOrder }
  | 'end-session';

/** Handles a request. An error that it throws becomes an error page. */
export type Page = (request: PageRequest) => Promise<PageResponse>;

/** A page with status 200. */
export function ok(html: string): PageResponse {
  return { kind: 'page', status: 200, html };
}

/** The redirect after a form, so that a reload does not send the form again. */
export function seeOther(to: string): PageResponse {
  return { kind: 'redirect', status: 303, to };
}
