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

const FIELDS = '.checkout-form :is(input:not([type=hidden]), select)';

export function checkoutForm(page: Page): CheckoutFormOnPage {
  return {
    fill: async (values) => {
      for (const [id, value] of Object.entries(values)) {
        const field = page.locator(`#${id}`);
        if ((await field.getAttribute('type')) === null) await field.selectOption(value);
        else await field.fill(value);
      }
    },
    values: async () =>
      await page.evaluate((fields) => {
        const controls = document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(fields);
        return Object.fromEntries(Array.from(controls, ({ id, value }) => [id, value]));
      }, FIELDS),
    problems: async () =>
      await page.evaluate((fields) => {
        const invalid = [...document.querySelectorAll(fields)].filter(
          (field) => field.getAttribute('aria-invalid') === 'true',
        );
        const problemOf = (field: Element): string => {
          const problemId = `${field.id}-problem`;
          const describedBy = field.getAttribute('aria-describedby')?.split(' ') ?? [];
          return (describedBy.includes(problemId) && document.getElementById(problemId)?.innerText) || '';
        };
        return Object.fromEntries(invalid.map((field) => [field.id, problemOf(field)]));
      }, FIELDS),
    send: async () => await press(page, /^Place order/),
  };
}
