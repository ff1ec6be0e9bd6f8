import { isOffered } from '../page/offered-currencies.ts';
import { HttpProblem } from '../page/problem.ts';
import type { Page } from '../page/response.ts';
import type { PageDeps } from './page-deps.ts';

/** POST /setCurrency: stores the choice in a cookie and redirects to the page it was made on. */
export function setCurrency({ events }: PageDeps): Page {
  return async ({ form, safeReferer }) => {
    const currency = form.get('currency_code') ?? '';
    if (!isOffered(currency)) {
      throw new HttpProblem(422, 'Currency not offered', 'Please choose a currency from the list.');
    }
    events.currencyChosen({ currency });
    return { kind: 'redirect', status: 303, to: safeReferer ?? '/', cookies: { currency } };
  };
}

/** GET /logout: ends the session. */
export function logout(): Page {
  return async () => ({ kind: 'redirect', status: 302, to: '/', cookies: 'end-session' });
}
