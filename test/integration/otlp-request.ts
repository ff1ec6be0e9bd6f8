import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { ReceivedAttributes, ReceivedSpan } from './received-span.ts';

/**
 * Reads the spans of an ExportTraceServiceRequest, from the bytes of its protobuf.
 *
 * Source: opentelemetry-proto 1.x, collector/trace/v1 and trace/v1
 */
export function spansOfOtlp(body: Buffer): ReceivedSpan[] {
  return message(body, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(message(resourceSpans, 1)[0] ?? NOTHING, 1);
    return message(resourceSpans, 2).flatMap((scopeSpans) =>
      message(scopeSpans, 2).map((span) => spanOf(span, resource)),
    );
  });
}

const NOTHING = Buffer.alloc(0);
const KINDS = ['INTERNAL', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUS_ERROR = 2;

type Field = { readonly number: number; readonly value: Buffer | number | bigint };

/** The fields of a message, in their order, not interpreted. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    fields.push({ number, value: fieldValue(reader, wireType) });
  }
  return fields;
}

function fieldValue(reader: BinaryReader, wireType: number): Field['value'] {
  if (wireType === 0) return BigInt(reader.int64());
  if (wireType === 1) return reader.double();
  if (wireType === 2) return Buffer.from(reader.bytes());
  if (wireType === 5) return reader.fixed32();
  throw new Error(`no wire type of proto3: ${wireType}`);
}

function message(bytes: Buffer, number: number): Buffer[] {
  return fieldsOf(bytes).flatMap((field) =>
    field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
  );
}

function spanOf(bytes: Buffer, resource: ReceivedAttributes): ReceivedSpan {
  const hex = (number: number): string => message(bytes, number)[0]?.toString('hex') ?? '';
  const kind = Number(fieldsOf(bytes).find(({ number }) => number === 6)?.value ?? 0);
  const [status = NOTHING] = message(bytes, 15);
  return {
    service: String(resource['service.name']),
    resource,
    traceId: hex(1),
    spanId: hex(2),
    parentSpanId: hex(4),
    name: message(bytes, 5)[0]?.toString() ?? '',
    kind: KINDS[kind] ?? 'INTERNAL',
    attributes: attributesOf(bytes, 9),
    events: message(bytes, 11).map((event) => {
      return { name: message(event, 2)[0]?.toString() ?? '', attributes: attributesOf(event, 3) };
    }),
    isError: fieldsOf(status).some(({ number, value }) => number === 3 && Number(value) === STATUS_ERROR),
  };
}

function attributesOf(bytes: Buffer, number: number): ReceivedAttributes {
  const pairs = message(bytes, number).map((pair) => {
    const key = message(pair, 1)[0]?.toString() ?? '';
    const [any] = fieldsOf(message(pair, 2)[0] ?? NOTHING);
    return [key, plain(any)] as const;
  });
  return Object.fromEntries(pairs);
}

// Of AnyValue: 1 is a string, 2 a boolean, 3 a whole number, 4 a double.
function plain(any: Field | undefined): string | number | boolean {
  if (any === undefined) return '';
  if (Buffer.isBuffer(any.value)) return any.value.toString();
  return any.number === 2 ? Number(any.value) === 1 : Number(any.value);
}
