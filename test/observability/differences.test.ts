import type { KnownSeries } from './declared-metrics.ts';
import { attributeDifferences, lineDifferences, metricDifferences, spanDifferences } from './differences.ts';
import type { AttributeRow, EventAttributeRow, LineRow, MetricRow, SpanRow } from './documented.ts';
import { logCallsIn } from './log-calls.ts';
import { spanSitesIn } from './span-sites.ts';

describe('the lines of the log', () => {
  const calls = logCallsIn({
    path: 'src/cartservice/events.ts',
    text: `
      type Common = { readonly cartId: string };
      export type Events = { readonly added: (event: { productId: string; quantity: number }) => void };
      export function events(log: Logger): Events {
        const report = eventReporter(log);
        return { added: (event) => report('info', 'item added', event) };
      }
      function tell(log: Logger, cause: unknown, common: Common) {
        const fields = { ...common, cause };
        if (isBug) log.error({ ...fields, err: cause }, 'failed');
        else log.warn(fields, 'failed');
      }`,
  });
  const added: LineRow = {
    message: 'item added',
    levels: ['info'],
    event: 'of a span',
    of: 'cartservice',
    fields: ['productId', 'quantity'],
  };
  const failed: LineRow = {
    message: 'failed',
    levels: ['warn', 'error'],
    event: 'none',
    of: 'cartservice',
    fields: ['cartId', 'cause', 'err'],
  };

  it('have the fields that are given to them in one way or another', () => {
    expect(lineDifferences([added, failed], calls)).toEqual([]);
  });

  it.each<[string, LineRow[], string]>([
    ['a line without a row', [added], 'Logs: src/cartservice/events.ts logs `failed`, which has no row'],
    ['a row without a line', [added, failed, { ...added, message: 'gone' }], 'Logs: `gone` is logged nowhere'],
    [
      'a field that is not logged',
      [{ ...added, fields: ['moonPhase', 'productId', 'quantity'] }, failed],
      'Logs: `item added`: the document lists the field `moonPhase`, which is not there in src/cartservice/events.ts',
    ],
    [
      'a field that is not listed',
      [added, { ...failed, fields: ['cause', 'err'] }],
      'Logs: `failed`: the document lacks the field `cartId`, which is there in src/cartservice/events.ts',
    ],
    [
      'a level that no line has',
      [{ ...added, levels: ['info', 'error'] }, failed],
      'Logs: `item added`: the document lists the level `error`, which is not there in src/cartservice/events.ts',
    ],
    [
      'an event that is none',
      [added, { ...failed, event: 'without a span' }],
      'Logs: `failed`: it is no event in src/cartservice/events.ts',
    ],
    [
      'a line of another service',
      [{ ...added, of: 'adservice' }, failed],
      'Logs: `item added`: it is logged in src/cartservice/events.ts, not by adservice',
    ],
  ])('are compared: %s', (_what, rows, difference) => {
    expect(lineDifferences(rows, calls)).toContain(difference);
  });

  it.each([
    ["log.info(fromElsewhere, 'm')", 'fields of "m"'],
    ["log.info({ ...fromElsewhere() }, 'm')", 'fields of "m"'],
    ['log.info({ a }, message)', 'message that is computed'],
  ])('say what they have where they are logged: not %s', (text, why) => {
    expect(() => logCallsIn({ path: 'src/a/b.ts', text })).toThrow(why);
  });

  it('are found whatever the logger and the reporter are called', () => {
    const text = "logger.warn({ a }, 'one'); tell(ok ? 'info' : 'warn', 'two', { b });";
    const found = logCallsIn({ path: 'src/a/b.ts', text });
    expect(found.map(({ level, message, fields }) => [level, message, ...fields])).toEqual([
      ['warn', 'one', 'a'],
      ['info', 'two', 'b'],
      ['warn', 'two', 'b'],
    ]);
  });
});

describe('the spans', () => {
  const sites = spanSitesIn({
    path: 'src/cartservice/spans.ts',
    text: `
      const begin = (asked) => tracer.startSpan(nameOf(asked), { kind: SpanKind.CLIENT });
      function nameOf({ command, script }) { return script === undefined ? command : \`\${command} \${script}\`; }
      const recover = () => inSpan(tracer, { name: 'recover cart', kind: SpanKind.INTERNAL }, work);
      const send = (mail) => inSpan(tracer, spanOf(mail), work);
      function spanOf(mail) { return { name: \`send \${mail.kind}\`, kind: SpanKind.PRODUCER }; }`,
  });
  const row = (name: string, kind: string, of = 'cartservice'): SpanRow => ({ name, kinds: [kind], of, called: 'x' });
  const rows = [
    row('GET', 'client'),
    row('EVAL <script>', 'client'),
    row('recover cart', 'internal'),
    row('send <mail>', 'producer'),
  ];

  it('have the names and kinds that are given to them in one way or another', () => {
    expect(spanDifferences(rows, sites)).toEqual([]);
  });

  it.each<[string, SpanRow[], string]>([
    [
      'a row without a span',
      [...rows, row('teleport cart', 'internal')],
      'Spans: no code of cartservice begins `teleport cart` of kind internal',
    ],
    [
      'a row of another kind',
      [...rows, row('recover cart', 'server')],
      'Spans: no code of cartservice begins `recover cart` of kind server',
    ],
    [
      'a row of another service',
      [...rows, row('recover cart', 'internal', 'adservice')],
      'Spans: no code of adservice begins `recover cart` of kind internal',
    ],
    [
      'a span without a row',
      rows.slice(0, 3),
      'Spans: src/cartservice/spans.ts begins `send ...` of kind producer: no row',
    ],
    [
      'a short name without a row',
      rows.slice(1),
      'Spans: src/cartservice/spans.ts begins `...` of kind client: no row',
    ],
  ])('are compared: %s', (_what, changed, difference) => {
    expect(spanDifferences(changed, sites)).toEqual([difference]);
  });

  it('say of which kind they are where they begin', () => {
    const text = 'tracer.startSpan(name, options)';
    expect(() => spanSitesIn({ path: 'src/a/b.ts', text })).toThrow('src/a/b.ts begins a span whose name and kind');
  });
});

describe('the metrics', () => {
  const series: KnownSeries = new Map([
    [
      'tasks',
      new Map([
        ['service', new Set(['cartservice'])],
        ['state', new Set(['waiting', 'done'])],
      ]),
    ],
  ]);
  const declared = { names: ['tasks'], series };
  const state = { label: 'state', values: ['waiting', 'done'], isOpen: false };
  const tasks: MetricRow = { name: 'tasks', of: 'cartservice', labels: [state] };

  it('are as the code declares them', () => {
    expect(metricDifferences([tasks], declared)).toEqual([]);
    expect(metricDifferences([{ ...tasks, labels: [{ ...state, values: ['done'], isOpen: true }] }], declared)).toEqual(
      [],
    );
  });

  it.each<[string, MetricRow[], string]>([
    ['a metric without a row', [], 'the metric `tasks`, which is there'],
    ['a row without a metric', [tasks, { ...tasks, name: 'gone' }], 'the metric `gone`, which is not there'],
    ['another service', [{ ...tasks, of: 'cartservice, adservice' }], 'the service `adservice`, which is not there'],
    ['a label without a word', [{ ...tasks, labels: [] }], 'the label `state`, which is there'],
    [
      'a value too many',
      [{ ...tasks, labels: [{ ...state, values: ['waiting', 'done', 'lost'] }] }],
      'the state `lost`',
    ],
    ['a value too few', [{ ...tasks, labels: [{ ...state, values: ['waiting'] }] }], 'the state `done`'],
    [
      'an example that is none',
      [{ ...tasks, labels: [{ ...state, values: ['lost'], isOpen: true }] }],
      'the state `lost`',
    ],
  ])('are compared: %s', (_what, rows, difference) => {
    expect(metricDifferences(rows, declared)).toEqual([expect.stringContaining(difference)]);
  });
});

describe('the attributes', () => {
  const any = { values: [], isOpen: true, isOptional: false };
  const row = (name: string, of: string): AttributeRow => ({ name, of: [of], ...any });
  const eventRow = (name: string, field: string): EventAttributeRow => ({ name, field, ...any });
  const spans: SpanRow[] = [{ name: 'send <mail>', kinds: ['producer'], of: 'emailservice', called: 'mails' }];
  const ofSpans = [row('a.system', 'mails'), row('error.type', 'whatever failed')];
  const ofEvents = [eventRow('an.order', 'orderId')];
  const code = { names: ['a.system', 'an.order', 'error.type'], ofFields: { orderId: 'an.order' } };

  it('are as the code has them', () => {
    expect(attributeDifferences({ ofSpans, ofEvents, spans }, code)).toEqual([]);
  });

  it.each<[string, AttributeRow[], EventAttributeRow[], string]>([
    ['a name without a row', ofSpans.slice(1), ofEvents, 'the attribute `a.system`, which is there'],
    ['a row without a name', [...ofSpans, row('gone', 'mails')], ofEvents, 'the attribute `gone`, which is not there'],
    ['spans that are not', [row('a.system', '`oracle`'), ...ofSpans], ofEvents, '`a.system` is of "`oracle`"'],
    ['no spans', [...ofSpans, { ...row('a.system', 'mails'), of: [] }], ofEvents, '`a.system` is of ""'],
    ['another field', ofSpans, [...ofEvents, eventRow('an.order', 'id')], 'the field `id as an.order`'],
  ])('are compared: %s', (_what, changedOfSpans, changedOfEvents, difference) => {
    expect(attributeDifferences({ ofSpans: changedOfSpans, ofEvents: changedOfEvents, spans }, code)).toEqual([
      expect.stringContaining(difference),
    ]);
  });
});
