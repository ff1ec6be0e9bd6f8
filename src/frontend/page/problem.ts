import { status } from '@grpc/grpc-js';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';

/** An error with its own error page. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly title: string;
  /** Value of the Retry-After header. */
  readonly retryAfterSeconds: number | undefined;

  /** @param message for the shopper */
  constructor(
    status: number,
    title: string,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.title = title;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Value of the Retry-After header during an outage. */
export const RETRY_AFTER_SECONDS = 5;

/** A page that does not exist. */
export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, 'Not found', `${what} Please check the address, or continue in the shop.`);
}

/** An outage of an upstream that the page requires. */
export function unavailable(cause: unknown): HttpProblem {
  return busy('Please try again in a few seconds. Your cart is safe.', cause);
}

/** A failed add to the cart. After an outage the product may be in the cart, and a repeat would add it twice. */
export function addFailed(cause: unknown): unknown {
  if (problemOf(cause).status !== 503) return cause;
  const advice =
    'The cart did not respond. Please look at your cart before you add this again: it may be in it already.';
  return busy(advice, cause);
}

function busy(message: string, cause: unknown): HttpProblem {
  return new HttpProblem(503, 'The shop is busy', message, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Maps any error that a page threw to the error page for it. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof UpstreamError && isOutage(error)) return unavailable(error);
  const statusCode = statusCodeOf(error);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return clientProblem(statusCode, { cause: error });
  }
  return new HttpProblem(500, 'Something went wrong', 'The error was on our side and has been logged.', {
    cause: error,
  });
}

// INVALID_ARGUMENT is a bug of the frontend; a state of the upstream that forbids the call is not. (Online Boutique's cart
// returns FAILED_PRECONDITION when its store is unavailable.)
function isOutage(error: UpstreamError): boolean {
  return error.isOutage || error.code === status.ABORTED || error.code === status.FAILED_PRECONDITION;
}

function statusCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

const UNREADABLE = 'The shop could not read this request.';
const CLIENT_PROBLEMS: Readonly<Record<number, readonly [title: string, message: string]>> = {
  403: ['Not allowed', 'This form was sent from another site. Please use the form on our own pages.'],
  404: ['Not found', UNREADABLE],
  405: ['Method not allowed', 'This address does not support that request method.'],
  408: ['Request timeout', 'Your request did not arrive in time. Please try again.'],
  413: ['Request too large', 'This request is too large.'],
  415: ['Unsupported form type', UNREADABLE],
  431: ['Request too large', 'The address or the headers of this request are too long.'],
};

/** The error page of a request that cannot be served as it was sent. */
export function clientProblem(statusCode: number, options: { cause?: unknown } = {}): HttpProblem {
  const [title, message] = CLIENT_PROBLEMS[statusCode] ?? ['Bad request', UNREADABLE];
  return new HttpProblem(statusCode, title, message, options);
}
