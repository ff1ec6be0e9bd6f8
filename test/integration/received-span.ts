/** Attributes by name, as received by a collector. */
export type ReceivedAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span as received by a collector, independent of the protocol. */
export type ReceivedSpan = {
  /** `service.name` of the resource. */
  readonly service: string;
  /** The other attributes of the resource. */
  readonly resource: ReceivedAttributes;
  /** In hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  readonly attributes: ReceivedAttributes;
  /** Events in their order. */
  readonly events: readonly { readonly name: string; readonly attributes: ReceivedAttributes }[];
  readonly isError: boolean;
};
