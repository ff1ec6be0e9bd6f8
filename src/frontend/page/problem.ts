import { status } from '@grpc/grpc-js';
import { PeerError } from '../../lib/grpc/peer-error.ts';

/** A request that ends in an error page. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly title: string;
  /** Seconds after which it is worth trying again. */
  readonly retryAfterSeconds: number | undefined;

  /** The message goes to the shopper. */
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

const RETRY_AFTER_SECONDS = 5;

/** The page is not there. */
export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, 'Not found', `${what} Have a look around the shop instead.`);
}

/** Something the page cannot do without is away. */
export function unavailable(cause: unknown): HttpProblem {
  const message = 'A part of the shop is not answering. Your cart is safe: please try again in a moment.';
  return new HttpProblem(503, 'The shop is out of breath', message, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** What is said of an add to the cart that failed: after an outage it may have arrived, and a repeat would add it again. */
export function addFailed(cause: unknown): unknown {
  if (problemOf(cause).status !== 503) return cause;
  const message =
    'The cart is not answering. Please look at your cart before you add this again: it may be in it already.';
  return new HttpProblem(503, 'The shop is out of breath', message, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Maps whatever a page threw to the error page that is shown for it. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof PeerError && isOutage(error)) return unavailable(error);
  const statusCode = statusCodeOf(error);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return clientProblem(statusCode, { cause: error });
  }
  const message = 'Something went wrong on our side, and we have made a note of it.';
  return new HttpProblem(500, 'That should not have happened', message, { cause: error });
}

// A request that a peer calls wrong is a bug of ours; a peer whose state does not allow it is not. (The original's cart
// says FAILED_PRECONDITION when its store is away.)
function isOutage(error: PeerError): boolean {
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
