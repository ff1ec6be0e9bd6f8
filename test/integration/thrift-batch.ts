import type { ReceivedAttributes, ReceivedSpan } from './received-span.ts';

/**
 * Reads the spans of a Batch, from the bytes of Thrift's binary protocol.
 *
 * Source: jaeger-idl, thrift/jaeger.thrift; Thrift binary protocol
 */
export function spansOfThrift(body: Buffer): ReceivedSpan[] {
  const batch = readStruct({ body, at: 0 });
  const service = text(asStruct(batch.get(1)).get(1));
  return asList(batch.get(2)).map((span) => spanOf(asStruct(span), service));
}

type Struct = ReadonlyMap<number, Value>;
type Value = boolean | number | bigint | Buffer | readonly Value[] | Struct;
type Reading = { readonly body: Buffer; at: number };

function readStruct(reading: Reading): Struct {
  const fields = new Map<number, Value>();
  for (let type = take(reading, 1).readUInt8(); type !== 0; type = take(reading, 1).readUInt8()) {
    fields.set(take(reading, 2).readInt16BE(), readValue(reading, type));
  }
  return fields;
}

function readValue(reading: Reading, type: number): Value {
  switch (type) {
    case 2:
      return take(reading, 1).readInt8() === 1;
    case 4:
      return take(reading, 8).readDoubleBE();
    case 8:
      return take(reading, 4).readInt32BE();
    case 10:
      return take(reading, 8).readBigInt64BE();
    case 11:
      return take(reading, take(reading, 4).readInt32BE());
    case 12:
      return readStruct(reading);
    case 15:
      return readList(reading);
    default:
      throw new Error(`no type of a jaeger batch: ${type}`);
  }
}

function readList(reading: Reading): readonly Value[] {
  const type = take(reading, 1).readUInt8();
  const length = take(reading, 4).readInt32BE();
  return Array.from({ length }, () => readValue(reading, type));
}

function take(reading: Reading, bytes: number): Buffer {
  const end = reading.at + bytes;
  if (bytes < 0 || end > reading.body.length) throw new Error('the batch ends too early');
  const taken = reading.body.subarray(reading.at, end);
  reading.at = end;
  return taken;
}

// The exporter adds to the tags of a span those of its resource, and what it knows of it itself.
const isOfResource = (name: string): boolean => /^service\.(?:name|version|namespace)$/.test(name);
const isOfExporter = (name: string): boolean => name.startsWith('otel.');

function spanOf(span: Struct, service: string): ReceivedSpan {
  const parent = hex(span.get(4));
  const { 'span.kind': kind = 'internal', error = false, ...tags } = tagsOf(asList(span.get(10)));
  const only = (isWanted: (name: string) => boolean): ReceivedAttributes =>
    Object.fromEntries(Object.entries(tags).filter(([name]) => isWanted(name)));
  return {
    service,
    resource: only(isOfResource),
    traceId: hex(span.get(2)) + hex(span.get(1)),
    spanId: hex(span.get(3)),
    parentSpanId: /^0+$/.test(parent) ? '' : parent,
    name: text(span.get(5)),
    kind: String(kind).toUpperCase() as ReceivedSpan['kind'],
    attributes: only((name) => !isOfResource(name) && !isOfExporter(name)),
    events: asList(span.get(11)).map((log) => {
      const { event = '', ...attributes } = tagsOf(asList(asStruct(log).get(2)));
      return { name: String(event), attributes };
    }),
    isError: error === true,
  };
}

// The field of a tag that holds its value, by the type the tag says it has: a string, a double, a boolean, a whole number.
const VALUE_FIELDS = [3, 4, 5, 6];

function tagsOf(tags: readonly Value[]): Record<string, string | number | boolean> {
  const pairs = tags.map(asStruct).map((tag) => {
    const value = tag.get(VALUE_FIELDS[Number(tag.get(2))] ?? 0);
    return [
      text(tag.get(1)),
      typeof value === 'boolean' ? value : Buffer.isBuffer(value) ? text(value) : Number(value),
    ];
  });
  return Object.fromEntries(pairs);
}

function asStruct(value: Value | undefined): Struct {
  if (value instanceof Map) return value as Struct;
  throw new Error('not a struct');
}

function asList(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Value | undefined): string {
  return Buffer.isBuffer(value) ? value.toString() : '';
}

function hex(value: Value | undefined): string {
  return BigInt.asUintN(64, typeof value === 'bigint' ? value : 0n)
    .toString(16)
    .padStart(16, '0');
}
