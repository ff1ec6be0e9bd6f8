/** A span as a collector got it, whatever it was sent as. */
export type ReceivedSpan = {
  /** `service.name` of whoever made it. */
  readonly service: string;
  /** In hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly isError: boolean;
};
