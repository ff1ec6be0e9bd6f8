import { loadSync, type MethodDefinition, type ServiceDefinition as OriginalService } from '@grpc/proto-loader';
import fc from 'fast-check';
import { definitions } from '../../src/contract.ts';
import { fromWire, toWire } from '../../src/domain/money.ts';
import { Money } from '../../src/genproto/hipstershop/money.ts';
import { rpcName, type ServiceDefinition, type WireMethod, wireMethods } from '../../src/lib/grpc/definition.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { originalMessages, originalServices } from './golden-table.ts';
import { addedValues, anyMessage, type Message, originalFields, withTextNumbers } from './messages.ts';

type Codec = { readonly encode: (message: unknown) => Buffer; readonly decode: (bytes: Buffer) => unknown };

/** A message with Mercato's codec and a codec of the original protocol, which another library generates from original.proto. */
type WireMessage = { readonly message: string; readonly ours: Codec; readonly original: Codec };

function codecs(
  message: string,
  our: WireMethod,
  their: MethodDefinition<object, object>,
  side: 'request' | 'response',
) {
  const ours =
    side === 'request'
      ? { encode: our.requestSerialize, decode: our.requestDeserialize }
      : { encode: our.responseSerialize, decode: our.responseDeserialize };
  const original =
    side === 'request'
      ? { encode: their.requestSerialize, decode: their.requestDeserialize }
      : { encode: their.responseSerialize, decode: their.responseDeserialize };
  return { message, ours, original } as WireMessage;
}

const ourDefinitions: readonly ServiceDefinition[] = Object.values(definitions);

/** Each request and response message of the RPCs of the original protocol, once. */
function wireMessages(): WireMessage[] {
  const loaded = loadSync(projectPath('test', 'contracts', 'original.proto'), { longs: String, defaults: true });
  const found = new Map<string, WireMessage>();
  for (const [service, rpcs] of Object.entries(originalServices)) {
    const definition = ourDefinitions.find(({ name }) => name === service);
    const ours = definition === undefined ? [] : Object.values<WireMethod>(wireMethods(definition));
    const theirs = loaded[`hipstershop.${service}`] as OriginalService;
    for (const [rpc, shape] of Object.entries(rpcs)) {
      const our = ours.find((method) => rpcName(method) === rpc);
      const their = theirs[rpc];
      if (our === undefined || our.path !== their?.path) throw new Error(`no such RPC: ${service}.${rpc}`);
      const [request = '', response = ''] = shape.split(' -> ');
      found.set(request, codecs(request, our, their, 'request'));
      found.set(response, codecs(response, our, their, 'response'));
    }
  }
  return [...found.values()];
}

const messages = wireMessages();

describe('the wire format', () => {
  it.each(messages)('lets a peer of the original protocol read our $message', ({ message, ours, original }) => {
    fc.assert(
      fc.property(anyMessage(message, true), (sent) => {
        const received = original.decode(ours.encode(sent));
        expect(originalFields(message, received)).toEqual(originalFields(message, sent));
      }),
    );
  });

  it.each(messages)('lets us read the $message of a peer of the original protocol', ({ message, ours, original }) => {
    fc.assert(
      fc.property(anyMessage(message, false), (sent) => {
        const received = ours.decode(original.encode(withTextNumbers(sent)));
        expect(originalFields(message, received)).toEqual(originalFields(message, sent));
        expect(addedValues(message, received)).toEqual({});
      }),
    );
  });

  it('is tested for every message of the original protocol, directly or as a field', () => {
    const reached = new Set<string>();
    const visit = (name: string): void => {
      if (reached.has(name) || !(name in originalMessages)) return;
      reached.add(name);
      for (const text of Object.values(originalMessages[name] ?? {})) visit(text.replace(/^repeated | = .*$/g, ''));
    };
    for (const { message } of messages) visit(message);
    expect([...reached].sort()).toEqual(Object.keys(originalMessages).sort());
  });
});

describe('Money on the wire', () => {
  const money = messages.find(({ message }) => message === 'Money');
  const there = (amount: Message): unknown => money?.original.decode(money.ours.encode(amount));
  const back = (amount: Message): unknown =>
    money?.ours.decode(money.original.encode(withTextNumbers(amount) as Message));

  it.each([
    ['-1.75', -1n, -750_000_000],
    ['-0.000000001', 0n, -1],
    ['the smallest amount', -(2n ** 63n), -999_999_999],
    ['the largest amount', 2n ** 63n - 1n, 999_999_999],
    ['more than a double holds', 2n ** 53n + 1n, 10_000_000],
  ])('keeps %s in both directions', (_what, units, nanos) => {
    const amount = { currencyCode: 'USD', units, nanos };
    expect(there(amount)).toEqual({ currencyCode: 'USD', units: units.toString(), nanos });
    expect(back(amount)).toEqual(amount);
  });

  it('keeps every amount that Money can represent, including negative ones', () => {
    const limit = 2n ** 63n * 1_000_000_000n - 1n;
    fc.assert(
      fc.property(fc.bigInt({ min: -limit, max: limit }), (nanos) => {
        const amount = { currency: 'JPY', nanos };
        expect(fromWire(Money.decode(Money.encode(toWire(amount)).finish()))).toEqual(amount);
        expect(fromWire(back(toWire(amount)) as Money)).toEqual(amount);
      }),
    );
  });
});
