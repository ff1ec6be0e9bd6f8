import type { Form } from './forms.ts';
import type { RequestContext } from './request-context.ts';

/** What a page is asked with. */
export type PageRequest = {
  readonly context: RequestContext;
  /** Parts of the path that stand for something, such as the product's id. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly form: Form;
  /** The page of this shop that the shopper came from, as a path; `undefined` when it is unknown or elsewhere. */
  readonly safeReferer: string | undefined;
  /** Key of the shopper's last order that was refused, from a cookie of an earlier response. */
  readonly refusedKey: string | undefined;
  /** The shopper's last order that was not at its end when it was placed, from a cookie of an earlier response. */
  readonly openOrder: OpenOrder | undefined;
};

/** An order that may still be rejected, and the idempotency key it was placed with. */
export type OpenOrder = { readonly orderId: string; readonly key: string };

/** What a page answers. Paths are below the base path. */
export type Answer =
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly html: string;
      /** Seconds after which the browser loads the page again. */
      readonly refreshSeconds?: number;
      /** Seconds after which a shopper who was turned away may try again. */
      readonly retryAfterSeconds?: number;
      /** The outage behind a 503; goes to the log. */
      readonly cause?: Error;
      readonly cookies?: CookieChange;
    }
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'redirect'; readonly status: 302 | 303; readonly to: string; readonly cookies?: CookieChange };

/** What an answer does to the shopper's cookies. */
export type CookieChange =
  | { readonly currency: string }
  | { readonly refusedKey: string }
  | { readonly openOrder: OpenOrder }
  | 'end-session';

/** Answers a request. What it throws becomes an error page. */
export type Page = (request: PageRequest) => Promise<Answer>;

/** A page that went well. */
export function ok(html: string): Answer {
  return { kind: 'page', status: 200, html };
}

/** After a form: look at the result with GET, so that a reload does not send the form again. */
export function seeOther(to: string): Answer {
  return { kind: 'redirect', status: 303, to };
}
