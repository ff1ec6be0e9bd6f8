import type { Page, Response } from 'playwright-core';
import { press } from './follow.ts';

/** Values of the fields of the checkout form, by field name. */
export type FormValues = Readonly<Record<string, string>>;

/** The checkout form on a page. */
export type CheckoutFormOnPage = {
  /** Fills these fields and leaves the others unchanged. */
  readonly fill: (values: FormValues) => Promise<void>;
  readonly values: () => Promise<FormValues>;
  /** The error message of each field, if the field refers to it for assistive technology. */
  readonly problems: () => Promise<FormValues>;
  /** Places the order. */
  readonly send: () => Promise<Response>;
};

export function checkoutForm(page: Page): CheckoutFormOnPage {
  const fields = () => page.locator('.checkout-form :is(input:not([type=hidden]), select)');
  const named = async (read: (id: string) => Promise<string | undefined>): Promise<FormValues> => {
    const entries: [string, string][] = [];
    for (const field of await fields().all()) {
      const id = (await field.getAttribute('id')) ?? '';
      const value = await read(id);
      if (value !== undefined) entries.push([id, value]);
    }
    return Object.fromEntries(entries);
  };
  return {
    fill: async (values) => {
      for (const [id, value] of Object.entries(values)) {
        const field = page.locator(`#${id}`);
        if ((await field.getAttribute('type')) === null) await field.selectOption(value);
        else await field.fill(value);
      }
    },
    values: async () => await named(async (id) => await page.locator(`#${id}`).inputValue()),
    problems: async () =>
      await named(async (id) => {
        const field = page.locator(`#${id}`);
        if ((await field.getAttribute('aria-invalid')) !== 'true') return undefined;
        const described = ((await field.getAttribute('aria-describedby')) ?? '').split(' ');
        return described.includes(`${id}-problem`) ? await page.locator(`#${id}-problem`).innerText() : '';
      }),
    send: async () => await press(page, /^Place order/),
  };
}
