import type { Runtime } from '../lib/runtime/runtime.ts';
import { eventReporter } from '../lib/telemetry/report-event.ts';
import type { LetterKind } from './letter.ts';

/** What happens in the email service that the business wants to know of. Never to whom. */
export type EmailEvents = {
  readonly mailSent: (event: { kind: LetterKind }) => void;
  readonly mailFailed: (event: { kind: LetterKind }) => void;
};

/** Reports the events of the email service: counted, logged, and on the span of the call. */
export function emailEvents({ log, metrics }: Pick<Runtime, 'log' | 'metrics'>): EmailEvents {
  const report = eventReporter(log);
  const mails = metrics.counter({
    name: 'mercato_mails_total',
    help: 'Mails that were to be sent, by what became of it.',
    labels: { kind: ['confirmation', 'cancellation'], outcome: ['sent', 'failed'] },
  });
  return {
    mailSent: (event) => {
      mails.add({ ...event, outcome: 'sent' });
      report('info', 'mail sent', event);
    },
    mailFailed: (event) => {
      mails.add({ ...event, outcome: 'failed' });
      report('warn', 'mail failed', event);
    },
  };
}
