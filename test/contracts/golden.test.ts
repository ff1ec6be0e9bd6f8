import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { compileProtos, messageTables, serviceTables, shopFiles } from './descriptors.ts';
import {
  addedEnums,
  addedFields,
  addedMessages,
  addedRpcs,
  originalMessages,
  originalServices,
  reservedNumbers,
} from './golden-table.ts';

/** Merges two tables of tables: entries with the same name are combined. */
function merged(
  first: Readonly<Record<string, Readonly<Record<string, string>>>>,
  second: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, Record<string, string>> {
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries([...names].map((name) => [name, { ...first[name], ...second[name] }]));
}

describe('the contracts', () => {
  const compiled = compileProtos();
  const files = shopFiles(compiled);
  const messages = messageTables(files);
  const services = serviceTables(files);

  it('are proto3, have the package hipstershop or mercato.*, and import only Google types for errors and times', () => {
    for (const file of compiled) expect({ file: file.name, syntax: file.syntax }).toMatchObject({ syntax: 'proto3' });
    const isOwn = (file: (typeof compiled)[number]): boolean =>
      files.includes(file) || file.package.startsWith('mercato.');
    const foreign = compiled.filter((file) => !isOwn(file)).map((file) => file.name);
    expect(foreign.sort()).toEqual([
      'google/protobuf/any.proto',
      'google/protobuf/timestamp.proto',
      'google/rpc/error_details.proto',
      'google/rpc/status.proto',
    ]);
  });

  it.each(Object.entries(originalMessages))('keep the original message %s', (name, fields) => {
    expect(messages[name]).toMatchObject(fields);
  });

  it.each(Object.entries(originalServices))('keep the original service %s, every RPC unary', (name, rpcs) => {
    expect(services[name]).toMatchObject(rpcs);
  });

  it.each(Object.entries(addedFields))(
    'add only fields to the original message %s that callers may omit',
    (name, fields) => {
      expect(Object.keys(originalMessages)).toContain(name);
      for (const [field, text] of Object.entries(fields)) {
        expect({ field, text: messages[name]?.[field] }).toEqual({ field, text });
        expect(text).toMatch(/^(?:optional |repeated |[A-Z])/);
        expect(originalMessages[name]).not.toHaveProperty(field);
      }
    },
  );

  it('have only the original messages and the extensions in hipstershop', () => {
    expect(messages).toEqual(merged(merged(originalMessages, addedFields), addedMessages));
    expect(files.flatMap((file) => file.messageType.flatMap((message) => message.nestedType))).toEqual([]);
    expect(files.flatMap((file) => file.messageType.flatMap((message) => message.enumType))).toEqual([]);
  });

  it('have only the original services and the extensions in hipstershop', () => {
    expect(services).toEqual(merged(originalServices, addedRpcs));
  });

  it('keep the values of the enums', () => {
    const enums = files.flatMap((file) => file.enumType);
    const tables = enums.map((one) => [one.name, Object.fromEntries(one.value.map((v) => [v.name, v.number]))]);
    expect(Object.fromEntries(tables)).toMatchObject(addedEnums);
  });

  it('reserve the field numbers that the original protocol does not use', () => {
    const reserved = files.flatMap((file) =>
      file.messageType.flatMap((message) =>
        message.reservedRange.map(({ start, end }) => ({ message: message.name, start, end })),
      ),
    );
    const expected = Object.entries(reservedNumbers).flatMap(([message, numbers]) =>
      numbers.map((number) => ({ message, start: number, end: number + 1 })),
    );
    expect(reserved).toEqual(expected);
  });

  it('have no oneof except those that `optional` generates', () => {
    const fields = files.flatMap((file) => file.messageType.flatMap((message) => message.field));
    const inOneof = fields.filter((field) => Object.hasOwn(field, 'oneofIndex'));
    expect(inOneof.filter((field) => !field.proto3Optional)).toEqual([]);
  });
});

describe('original.proto', () => {
  const files = compileProtos(`${projectPath('test', 'contracts', 'original.proto')}`);

  it('has the messages and services of the tables', () => {
    expect(messageTables(files)).toEqual(originalMessages);
    expect(serviceTables(files)).toEqual(originalServices);
  });
});
