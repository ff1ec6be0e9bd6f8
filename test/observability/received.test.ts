import { type Rows, type SeenSpan, undocumented, unseen } from './received.ts';

const attribute = { values: [], isOpen: true, isOptional: false };

const rows: Rows = {
  spans: [
    { name: 'send <mail>', kinds: ['producer'], of: 'emailservice', called: 'mails' },
    { name: '<method> <route>', kinds: ['server'], of: 'frontend', called: 'requests' },
  ],
  attributes: [
    { ...attribute, name: 'mail.system', of: ['mails'], values: ['smtp'], isOpen: false },
    { ...attribute, name: 'http.route', of: ['requests'], values: ['/cart'], isOptional: true },
    { ...attribute, name: 'error.type', of: ['whatever failed'] },
  ],
  eventAttributes: [
    { ...attribute, name: 'mail.kind', field: 'kind' },
    { ...attribute, name: 'task.tries', field: 'tries' },
  ],
  lines: [
    { message: 'mail sent', levels: ['info'], event: 'of a span', of: 'emailservice', fields: ['kind'] },
    { message: 'task failed', levels: ['warn'], event: 'without a span', of: 'checkoutservice', fields: ['tries'] },
  ],
};

const mail: SeenSpan = {
  name: 'send confirmation',
  kind: 'PRODUCER',
  service: 'emailservice',
  attributes: { 'mail.system': 'smtp' },
  events: [{ name: 'mail sent', attributes: { 'mail.kind': 'confirmation' } }],
  isError: false,
};
const failed: SeenSpan = {
  name: 'GET /cart',
  kind: 'SERVER',
  service: 'frontend',
  attributes: { 'http.route': '/cart', 'error.type': '503' },
  events: [],
  isError: true,
};
const line = { level: 'info', time: '', service: 'emailservice', version: '1', msg: 'mail sent', kind: 'confirmation' };

/** The line without one of its fields. */
function without(field: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(line).filter(([name]) => name !== field));
}

describe('what was told', () => {
  const told = { spans: [mail, failed], lines: [{ ...line, trace_id: '', span_id: '' }] };

  it('is in the document', () => {
    expect(undocumented(told, rows)).toEqual([]);
    expect(undocumented({ spans: [{ ...failed, attributes: { 'error.type': '500' } }], lines: [] }, rows)).toEqual([]);
  });

  it.each<[string, SeenSpan, string]>([
    ['a name', { ...mail, name: 'teleport' }, 'Spans: `teleport` of kind producer, of emailservice, has no row'],
    ['a kind', { ...mail, kind: 'CLIENT' }, 'Spans: `send confirmation` of kind client, of emailservice, has no row'],
    [
      'a service',
      { ...mail, service: 'adservice' },
      'Spans: `send confirmation` of kind producer, of adservice, has no row',
    ],
    [
      'an attribute of other spans',
      { ...mail, attributes: { ...mail.attributes, 'http.route': '/' } },
      'Attributes: `http.route` was on mails, which no row says',
    ],
    [
      'a value',
      { ...mail, attributes: { 'mail.system': 'oracle' } },
      'Attributes: `mail.system` was `oracle` on mails, which its row does not list',
    ],
    [
      'that an attribute may be absent',
      { ...mail, attributes: {} },
      'Attributes: `mail.system` was absent on mails, which its row does not say',
    ],
    [
      'an event of a span',
      { ...mail, events: [{ name: 'task failed', attributes: {} }] },
      'Logs: `task failed` was an event of a span, which no row says',
    ],
    [
      'an attribute of an event',
      { ...mail, events: [{ name: 'mail sent', attributes: { 'task.tries': 1 } }] },
      'Attributes: `task.tries` was on the event "mail sent", which no row says',
    ],
    [
      'an attribute of the resource',
      { ...mail, resource: { 'service.name': 'emailservice', 'host.name': 'mine' } },
      'Attributes: the resource has host.name, service.name, undefined',
    ],
  ])('is not in the document when that lacks %s', (_what, span, problem) => {
    expect(undocumented({ spans: [span], lines: [] }, rows)).toEqual([problem]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a line', { ...line, msg: 'mail stolen' }, 'Logs: `mail stolen` has no row'],
    ['a field', { ...line, moonPhase: 1 }, 'Logs: `mail sent` has the field `moonPhase`, which its row does not say'],
    ['a level', { ...line, level: 'error' }, 'Logs: `mail sent` is of level error, which its row does not say'],
    ['a service', { ...line, service: 'adservice' }, 'Logs: `mail sent` is of adservice, which its row does not say'],
    [
      'that a field may be absent',
      without('time'),
      'Logs: `mail sent` lacks the field `time`, which its row does not say',
    ],
  ])('is not in the document when that lacks %s', (_what, odd, problem) => {
    expect(undocumented({ spans: [], lines: [odd] }, rows)).toEqual([problem]);
  });
});

describe('what the document says', () => {
  it('is seen', () => {
    expect(unseen([mail, failed], rows)).toEqual([]);
  });

  it.each<[string, readonly SeenSpan[], string[]]>([
    [
      'a span',
      [mail, { ...failed, name: 'GET' }],
      [
        'Spans: none was `<method> <route>` of kind server, of frontend',
        'Attributes: `http.route` was not on requests',
        'Attributes: `http.route` was never `/cart`',
        'Attributes: `error.type` was not on whatever failed',
      ],
    ],
    [
      'an attribute',
      [mail, { ...failed, attributes: { 'http.route': '/cart' } }],
      ['Attributes: `error.type` was not on whatever failed'],
    ],
    [
      'a value',
      [mail, { ...failed, attributes: { 'http.route': '/', 'error.type': '503' } }],
      ['Attributes: `http.route` was never `/cart`'],
    ],
    [
      'an event and its attributes',
      [{ ...mail, events: [] }, failed],
      ['Logs: no span had the event `mail sent`', 'Attributes: `mail.kind` was not on events'],
    ],
  ])('is not seen when the spans lack %s', (_what, spans, problems) => {
    expect(unseen(spans, rows)).toEqual(problems);
  });
});
