import { appAttribute } from '../domain/attributes.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attr, businessEvent, counted, counterSpec } from '../lib/telemetry/business-event.ts';
import { type EventReporter, eventReporter } from '../lib/telemetry/event-reporter.ts';
import type { LetterKind } from './letter.ts';

const mails = counterSpec({
  name: 'mercato_mails_total',
  help: 'Mails handed to the mail server, by outcome.',
  labels: { kind: ['confirmation', 'cancellation'], outcome: ['sent', 'failed'] },
});

const fields = { kind: attr<LetterKind>(appAttribute.mailKind) };

/** The business events of the email service. None contains the recipient. */
export const events = {
  mailSent: businessEvent({
    message: 'mail sent',
    level: 'info',
    when: 'The mail server accepted a mail.',
    fields,
    counters: [counted(mails, { kind: { field: 'kind' }, outcome: { value: 'sent' } })],
  }),
  mailFailed: businessEvent({
    message: 'mail failed',
    level: 'warn',
    when: 'A mail could not be handed to the mail server.',
    fields,
    counters: [counted(mails, { kind: { field: 'kind' }, outcome: { value: 'failed' } })],
  }),
};

/** Reports the business events of the email service. */
export type EmailEvents = EventReporter<typeof events>;

/** Makes the reporter of the email service. */
export function emailEvents(runtime: Pick<Runtime, 'log' | 'metrics'>): EmailEvents {
  return eventReporter(events, runtime);
}
