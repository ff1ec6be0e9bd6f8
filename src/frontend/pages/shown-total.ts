import { fromDecimal, type Money, toDecimal } from '../../domain/money.ts';
import type { Form } from '../page/forms.ts';

/** The hidden fields of a checkout form that repeat the total on its button. A form without a total has none. */
export function totalFields(total: Money | undefined): Readonly<Record<string, string>> {
  return total === undefined ? {} : { shown_currency: total.currency, shown_total: toDecimal(total) };
}

/** Reads the hidden fields; `undefined` when the form has none or other ones than this shop makes. */
export function totalIn(form: Form): Money | undefined {
  const total = fromDecimal(form.get('shown_currency') ?? '', form.get('shown_total') ?? '');
  return total === undefined || total.nanos === 0n ? undefined : total;
}
