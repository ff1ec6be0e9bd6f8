import type { CallContext } from '../../lib/grpc/call-context.ts';

/** The shopper of a request, the currency of its prices, and the deadline, cancellation and request id of its calls. */
export type RequestContext = {
  readonly userId: string;
  /** One of the offered currencies. */
  readonly currency: string;
  readonly call: CallContext;
};
