import type { Logger } from '../lib/logger.ts';
import type { LetterKind } from './letter.ts';

/** What happens in the email service that the business wants to know of. Never to whom. */
export type EmailEvents = {
  readonly mailSent: (event: { kind: LetterKind }) => void;
  readonly mailFailed: (event: { kind: LetterKind }) => void;
};

/** Reports the events of the email service. */
export function emailEvents(log: Logger): EmailEvents {
  return {
    mailSent: (event) => log.info(event, 'mail sent'),
    mailFailed: (event) => log.warn(event, 'mail failed'),
  };
}
