import type { BrowserContext, Page } from 'playwright-core';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import type { TestShop } from '../integration/test-shop.ts';
import { checkoutForm } from './checkout-form.ts';
import { focusedElement } from './focus.ts';
import { follow, pathOf, press } from './follow.ts';

export const DECLINED_CARD = '4000000000000002';
export const GOOD_CARD = '5555 5555-5555 4444';

export function validCard(number: string) {
  return {
    credit_card_number: number,
    credit_card_expiration_month: '12',
    credit_card_expiration_year: String(new Date().getUTCFullYear() + 1),
    credit_card_cvv: '672',
  };
}

export async function chooseEuro(page: Page): Promise<void> {
  await page.getByLabel('Currency').selectOption('EUR');
  await press(page, 'Set currency');
}

/** Adds three mugs and a recommended product, checks that the amounts add up, and returns the total of the cart. */
export async function fillCart(page: Page): Promise<string> {
  await page.getByLabel('Quantity').selectOption('3');
  await press(page, 'Add to cart');
  expect(pathOf(page)).toBe('/cart');
  await follow(page, () => page.locator('.shelf .card').first().click());
  await press(page, 'Add to cart');
  const lines = await page.locator('.lines tbody tr').all();
  expect(lines).toHaveLength(2);
  const totals = await Promise.all(lines.map(async (line) => euroCents(await line.locator('td').last().innerText())));
  expect(totals[0]).toBe(3 * 795);
  const [subtotal = '', shipping = '', total = ''] = await page.locator('.lines tfoot td').allInnerTexts();
  expect(euroCents(subtotal)).toBe(sum(totals));
  expect(euroCents(total)).toBe(euroCents(subtotal) + euroCents(shipping));
  expect(euroCents(shipping)).toBe(795);
  expect(await page.getByRole('button', { name: /^Place order/ }).innerText()).toBe(`Place order for ${total}`);
  expect(await cartCount(page)).toBe(4);
  return total;
}

/** Submits an invalid form: each problem is shown next to its field and in a summary with a link to the field. */
export async function correctMistakes(page: Page): Promise<void> {
  const form = checkoutForm(page);
  await form.fill({ street_address: 'Riva 4196 <b>', city: ' ', credit_card_number: '4432801561520455' });
  expect((await form.send()).status()).toBe(422);
  expect(await page.title()).toMatch(/^Error: /);
  expect(await form.problems()).toEqual({
    city: 'Enter a city.',
    credit_card_number: 'Check the card number: one of its digits is wrong.',
  });
  // Everything that was typed is kept, except for the card.
  expect(await form.values()).toMatchObject({
    email: 'someone@example.com',
    street_address: 'Riva 4196 <b>',
    credit_card_number: '',
    credit_card_expiration_month: '',
    credit_card_expiration_year: '',
    credit_card_cvv: '',
  });
  expect(await focusedElement(page)).toMatchObject({ tag: 'section', label: 'Your order was not placed' });
  await page.getByRole('link', { name: 'Enter a city.' }).click();
  expect(await focusedElement(page)).toMatchObject({ tag: 'input', id: 'city' });
  await page.getByRole('link', { name: 'Check the card number' }).click();
  expect(await focusedElement(page)).toMatchObject({ tag: 'input', id: 'credit_card_number' });
  await form.fill({ city: 'Venezia' });
}

export async function payWithDeclinedCard(page: Page): Promise<void> {
  const form = checkoutForm(page);
  await form.fill(validCard(DECLINED_CARD));
  expect((await form.send()).status()).toBe(422);
  const { credit_card_number: problem, ...others } = await form.problems();
  expect(problem).toMatch(/^This card was declined\. Nothing was charged/);
  expect(others).toEqual({});
  expect(await cartCount(page)).toBe(4);
}

export async function placeOrder(page: Page): Promise<string> {
  await press(page, /^Place order/);
  return pathOf(page);
}

function euroCents(text: string): number {
  const [, euros, cents] = /^€([\d,]+)\.(\d\d)$/.exec(text) ?? [];
  if (euros === undefined || cents === undefined) throw new Error(`not an amount in euros: ${text}`);
  return Number(euros.replaceAll(',', '') + cents);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export async function cartCount(page: Page): Promise<number> {
  return Number.parseInt(await page.locator('.count').innerText(), 10);
}

export function orderIdOf(path: string): string {
  return path.replace('/order/', '');
}

export async function ordersOf(shop: TestShop, context: BrowserContext) {
  const cookies = await context.cookies();
  const userId = cookies.find(({ name }) => name === 'shop_session-id')?.value ?? '';
  const checkout = shop.client(CheckoutServiceDefinition, 'checkoutservice');
  const { orders } = await checkout.listOrders({ userId, pageSize: 100, pageToken: '' });
  const kept = orders.filter(({ state }) => state !== OrderState.REJECTED);
  return { kept: kept.map(({ result }) => result?.orderId), rejected: orders.length - kept.length };
}
