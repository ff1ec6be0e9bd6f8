/** Attributes by their names, as a collector got them. */
export type ReceivedAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span as a collector got it, whatever it was sent as. */
export type ReceivedSpan = {
  /** `service.name` of whoever made it. */
  readonly service: string;
  /** What else is known of whoever made it. */
  readonly resource: ReceivedAttributes;
  /** In hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  readonly attributes: ReceivedAttributes;
  /** What happened in it, in that order. */
  readonly events: readonly { readonly name: string; readonly attributes: ReceivedAttributes }[];
  readonly isError: boolean;
};
