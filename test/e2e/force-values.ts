import type { Page } from 'playwright-core';

/** Sets values that the validation of the browser refuses, by field id, and disables that validation. */
export async function forceValues(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((forced) => {
    for (const [id, value] of Object.entries(forced)) {
      const control = document.getElementById(id);
      if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) {
        throw new Error(`the page has no field with the id ${id}`);
      }
      if (control.form !== null) control.form.noValidate = true;
      if (control instanceof HTMLSelectElement) control.replaceChildren(new Option('', value, true, true));
      else control.value = value;
    }
  }, values);
}
