import fc from 'fast-check';
import { anyText } from '../../src/lib/testing/any-text.ts';
import { addedFields, originalMessages } from './golden-table.ts';

/** A decoded message: fields in camel case, 64-bit numbers as bigint. */
export type Message = Readonly<Record<string, unknown>>;

const FIELD = /^(?<label>optional |repeated |)(?<type>[\w.]+) = \d+$/;

type Field = { readonly name: string; readonly label: string; readonly type: string };

function fieldsOf(table: Readonly<Record<string, string>> | undefined): Field[] {
  return Object.entries(table ?? {}).map(([name, text]) => {
    const { label = '', type = '' } = FIELD.exec(text)?.groups ?? {};
    return { name: camelCase(name), label: label.trim(), type };
  });
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

const I32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

function anyValue(type: string, extended: boolean): fc.Arbitrary<unknown> {
  if (type === 'string') return anyText({ maxLength: 12 });
  if (type === 'int32') return fc.integer(I32);
  if (type === 'int64') return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  if (type === 'OrderState') return fc.integer({ min: 0, max: 6 });
  return anyMessage(type, extended);
}

function isMessage(type: string): boolean {
  return type in originalMessages;
}

/** Any message of the original protocol by name; with `extended` its added fields may be set too. */
export function anyMessage(name: string, extended: boolean): fc.Arbitrary<Message> {
  const fields = [...fieldsOf(originalMessages[name]), ...(extended ? fieldsOf(addedFields[name]) : [])];
  const entries = fields.map(({ name: field, label, type }): [string, fc.Arbitrary<unknown>] => {
    const value = anyValue(type, extended);
    if (label === 'repeated') return [field, fc.array(value, { maxLength: 3 })];
    return [field, label === 'optional' || isMessage(type) ? fc.option(value, { nil: undefined }) : value];
  });
  return fc.record(Object.fromEntries(entries)) as fc.Arbitrary<Message>;
}

/** The fields of the original protocol in a message, with absent messages and 64-bit numbers normalised across decoders. */
export function originalFields(name: string, message: unknown): Message {
  const values = message as Message;
  return Object.fromEntries(
    fieldsOf(originalMessages[name]).flatMap(({ name: field, label, type }) => {
      const value = values[field];
      if (label === 'repeated') return [[field, (value as unknown[]).map((one) => plain(type, one))]];
      return value === undefined || value === null ? [] : [[field, plain(type, value)]];
    }),
  );
}

function plain(type: string, value: unknown): unknown {
  if (isMessage(type)) return originalFields(type, value);
  return typeof value === 'bigint' ? value.toString() : value;
}

/** The fields of a message that Mercato added and that are present. */
export function addedValues(name: string, message: unknown): Message {
  const values = message as Message;
  return Object.fromEntries(
    fieldsOf(addedFields[name]).flatMap(({ name: field }) => {
      const value = values[field];
      return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[field, value]];
    }),
  );
}

/** A message for a writer that takes 64-bit numbers as decimal text. */
export function withTextNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(withTextNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTextNumbers(inner)]));
}
