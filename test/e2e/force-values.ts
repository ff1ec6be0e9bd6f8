import type { Page } from 'playwright-core';
import type { FormControl } from './dom.ts';

/** Sets values that the validation of the browser refuses, by field id, and disables that validation. */
export async function forceValues(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, forced] of Object.entries(values)) {
    await page.locator(`#${id}`).evaluate((element, value) => {
      const control = element as unknown as FormControl;
      control.form.noValidate = true;
      if (control.tagName === 'SELECT') control.innerHTML = `<option value="${value}" selected></option>`;
      else control.value = value;
    }, forced);
  }
}
