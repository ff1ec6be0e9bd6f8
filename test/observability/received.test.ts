import { SpanKind } from '@opentelemetry/api';
import { logLine, logOnly } from '../../src/lib/log/log-line.ts';
import { attr, businessEvent } from '../../src/lib/telemetry/business-event.ts';
import { declareSpan } from '../../src/lib/telemetry/span-declaration.ts';
import { type Declarations, type SeenSpan, undeclared, unseen } from './received.ts';

const fields = { kind: attr('app.mail.kind'), requestId: logOnly<string>() };
const by = ['emailservice'];
const declared: Declarations = {
  spans: [
    {
      by,
      span: declareSpan({
        title: 'mail',
        names: ['send <mail>'],
        kind: SpanKind.PRODUCER,
        attributes: [
          { name: 'mail.system', values: ['smtp'] },
          { name: 'mail.reason', about: 'why it failed', absent: 'it was sent' },
        ],
      }),
    },
  ],
  lines: [
    { by, isEvent: true, line: businessEvent({ message: 'mail sent', level: 'info', when: 'Sent.', fields }) },
    { by, isEvent: false, line: logLine({ message: 'started', level: 'info', when: 'Started.', fields: {} }) },
  ],
};

const mail: SeenSpan = {
  service: 'emailservice',
  name: 'send confirmation',
  kind: 'PRODUCER',
  attributes: { 'mail.system': 'smtp' },
  events: [{ name: 'mail sent', attributes: { 'app.mail.kind': 'confirmation' } }],
  isError: false,
};
const failed: SeenSpan = {
  ...mail,
  attributes: { 'mail.system': 'smtp', 'mail.reason': 'X', 'error.type': 'Error' },
  isError: true,
};
const line = { level: 'info', time: '', service: 'emailservice', version: '1', msg: 'mail sent', kind: 'confirmation' };

describe('the comparison of received telemetry with the declarations', () => {
  it('accepts spans and lines as they are declared', () => {
    expect(undeclared({ spans: [mail, failed], lines: [{ ...line, trace_id: '', span_id: '' }] }, declared)).toEqual(
      [],
    );
    expect(unseen([mail, failed], declared)).toEqual([]);
  });

  it.each<[string, Partial<SeenSpan>, string]>([
    ['name', { name: 'teleport' }, 'span teleport of kind PRODUCER, of emailservice'],
    ['kind', { kind: 'CLIENT' }, 'span send confirmation of kind CLIENT, of emailservice'],
    ['service', { service: 'adservice' }, 'span send confirmation of kind PRODUCER, of adservice'],
    ['attribute', { attributes: { ...mail.attributes, 'http.route': '/' } }, 'mail with http.route=/'],
    ['value', { attributes: { 'mail.system': 'fax' } }, 'mail with mail.system=fax'],
    ['absence of an attribute', { attributes: {} }, 'mail without mail.system'],
    [
      'resource attribute',
      { resource: { 'service.name': 'x', 'host.name': 'y' } },
      'resource with host.name,service.name',
    ],
    ['error without error.type', { isError: true }, 'mail without error.type'],
    ['event', { events: [{ name: 'started', attributes: {} }] }, 'event started of emailservice'],
    [
      'attribute of an event',
      { events: [{ name: 'mail sent', attributes: { 'app.order.id': '1' } }] },
      'event mail sent with app.order.id',
    ],
  ])('finds an undeclared %s of a span', (_what, change, problem) => {
    expect(undeclared({ spans: [{ ...mail, ...change }], lines: [] }, declared)).toEqual([problem]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['message', { msg: 'mail lost' }, 'line mail lost of level info, of emailservice'],
    ['level', { level: 'error' }, 'line mail sent of level error, of emailservice'],
    ['service', { service: 'adservice' }, 'line mail sent of level info, of adservice'],
    ['field', { moonPhase: 1 }, 'line mail sent of level info, of emailservice with moonPhase'],
  ])('finds an undeclared %s of a log line', (_what, change, problem) => {
    expect(undeclared({ spans: [], lines: [{ ...line, ...change }] }, declared)).toEqual([problem]);
  });

  it('finds declared spans, attributes, values and events that were not received', () => {
    expect(unseen([], declared)).toEqual([
      'span send <mail> of emailservice',
      'mail.system on mail',
      'mail.reason on mail',
      'error.type on failed spans',
      'event mail sent',
    ]);
    const withoutValue = { ...failed, attributes: { ...failed.attributes, 'mail.system': 'fax' } };
    const withoutKind = { ...withoutValue, events: [{ name: 'mail sent', attributes: {} }] };
    expect(unseen([withoutKind], declared)).toEqual([
      'mail.system=smtp on mail',
      'app.mail.kind on the event mail sent',
    ]);
  });
});
