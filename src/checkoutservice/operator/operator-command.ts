import { parseArgs } from 'node:util';
import type { Operator } from '../order/order.ts';

/** What an operator asks for. */
export type OperatorCommand =
  | { readonly kind: 'list' | 'dead-letters' | 'store-events' }
  | { readonly kind: 'show'; readonly id: string }
  | ({ readonly kind: 'rebuild' } & Operator)
  /** `id` is of an order, of a task for `replay`, and of a user for `erase`. */
  | ({ readonly kind: 'retry' | 'refund' | 'settle' | 'replay' | 'erase'; readonly id: string } & Operator);

type Change = Exclude<Extract<OperatorCommand, Operator>['kind'], 'rebuild'>;

export const USAGE = `Works on the stored orders (DATA_DIR or DATABASE_URL), also while the shop runs.

  list                   the newest orders
  show ORDER             an order and its events, with personal data
  retry ORDER            resumes an order that needs manual intervention
  refund ORDER           cancels an order: refunds its charge, also one that was unknown, and cancels the shipment
  settle ORDER           closes an order whose charge payment cannot tell, after you refunded any charge at the provider
  dead-letters           the tasks that are not retried any more
  replay TASK            retries a dead-lettered task
  rebuild                computes the rows of the orders again from their events
  store-events           the rebuilds so far, oldest first: who and why
  erase USER             makes the addresses of a user unreadable, and deletes the stored mails

retry, refund, settle, replay, erase and rebuild are stored as events and require --why 'TEXT'; --by NAME
says who (default: the user of the operating system).
`;

const CHANGES: readonly string[] = ['retry', 'refund', 'settle', 'replay', 'erase'] satisfies Change[];
const isChange = (name: string): name is Change => CHANGES.includes(name);
const MAX_TEXT = 500;

/**
 * Reads the arguments of the tool; returns what is wrong with them as a text.
 *
 * @param by who acts when the arguments do not say it
 */
export function readOperatorCommand(args: readonly string[], by: string): OperatorCommand | string {
  try {
    const options = { by: { type: 'string', default: by }, why: { type: 'string', default: '' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return commandOf(positionals, values);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code.startsWith('ERR_PARSE_ARGS')) return message;
    throw error;
  }
}

function commandOf([kind, id, ...rest]: readonly string[], { by, why }: Operator): OperatorCommand | string {
  if (kind === undefined) return 'no command';
  if (rest.length > 0) return `too many words: ${rest.join(' ')}`;
  if (kind === 'list' || kind === 'dead-letters' || kind === 'store-events' || kind === 'rebuild') {
    if (id !== undefined) return `${kind} takes no id`;
    return kind === 'rebuild' ? (textProblem({ by, why }) ?? { kind, by, why }) : { kind };
  }
  if (kind !== 'show' && !isChange(kind)) return `unknown command ${kind}`;
  if (id === undefined) return `${kind} needs an id`;
  return kind === 'show' ? { kind, id } : (textProblem({ by, why }) ?? { kind, id, by, why });
}

function textProblem({ by, why }: Operator): string | undefined {
  if (why.trim() === '') return "say why with --why 'TEXT'";
  if (by.trim() === '') return 'say who acts with --by NAME';
  return by.length + why.length > MAX_TEXT ? `--by and --why have at most ${MAX_TEXT} characters together` : undefined;
}
