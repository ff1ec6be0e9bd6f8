import type { BrowserContext, Page } from 'playwright-core';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import type { TestShop } from '../integration/test-shop.ts';
import { startBrowser, type TestBrowser } from './browser.ts';
import { checkoutForm } from './checkout-form.ts';
import { focusedElement } from './focus.ts';
import { follow, openLink, pathOf, press } from './follow.ts';
import { mailsIn } from './mails.ts';
import { type PageWatch, watchPages } from './page-watch.ts';
import { openPlaces, type Places } from './places.ts';

const DECLINED_CARD = '4000000000000002';
const GOOD_CARD = '5555 5555-5555 4444';

describe('a shopper', () => {
  let places: Places;
  let shop: TestShop;
  let browser: TestBrowser;

  beforeAll(async () => {
    [places, browser] = await Promise.all([openPlaces(), startBrowser()]);
    shop = places.shop;
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await places?.[Symbol.asyncDispose]();
  });

  describe('without JavaScript', () => {
    let context: BrowserContext;
    let page: Page;
    let watch: PageWatch;

    beforeEach(async () => {
      context = await browser.shopper({ javaScriptEnabled: false });
      watch = watchPages(context, [shop.url]);
      page = await context.newPage();
    });

    afterEach(async () => {
      await context?.close();
      expect(watch.complaints()).toEqual([]);
      expect(shop.logs.errors()).toEqual([]);
    });

    it('browses, searches, and stays on the page on which a currency is chosen', async () => {
      await page.goto(shop.url);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Well made. Plainly priced.');
      expect(await page.locator('.card').count()).toBe(9);
      await page.getByRole('link', { name: 'See what’s on the stall' }).click();
      expect(new URL(page.url()).hash).toBe('#products');

      await page.getByLabel('Search products').fill('unicorn');
      await press(page, 'Search');
      expect(await page.locator('main').innerText()).toContain('No product matches');
      await page.getByLabel('Search products').fill('mUg');
      await follow(page, () => page.getByLabel('Search products').press('Enter'));
      expect(pathOf(page)).toBe('/search?q=mUg');
      expect(await page.locator('.card h3').allInnerTexts()).toEqual(['Mug']);
      expect(await page.getByLabel('Search products').inputValue()).toBe('mUg');

      expect(await page.locator('.card .tag').innerText()).toBe('$8.99');
      await chooseEuro(page);
      expect(pathOf(page)).toBe('/search?q=mUg');
      expect(await page.locator('.card .tag').innerText()).toBe('€7.95');
      await openLink(page, /^Mug/);
      expect(pathOf(page)).toBe('/product/6E92ZMYYFZ');
      expect(await page.locator('.product .tag').innerText()).toBe('€7.95');
      expect(await page.getByLabel('Currency').inputValue()).toBe('EUR');
    });

    it('corrects a form, pays with another card after a decline, and gets one order and one mail', async () => {
      await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
      await chooseEuro(page);
      const cartTotal = await fillCart(page);
      await correctMistakes(page);
      await payWithDeclinedCard(page);

      const form = checkoutForm(page);
      await form.fill(validCard(GOOD_CARD));
      expect((await form.send()).status()).toBe(200);
      const orderPath = pathOf(page);
      expect(orderPath).toMatch(/^\/order\/[\w-]{8,}$/);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Thank you for your order');
      expect(await page.locator('.lines tfoot td').last().innerText()).toBe(cartTotal);
      expect(await page.locator('address').innerText()).toContain('Riva 4196 <b>');
      expect(await cartCount(page)).toBe(0);

      const reloaded = await follow(page, () => page.reload());
      expect({ status: reloaded.status(), path: pathOf(page) }).toEqual({ status: 200, path: orderPath });
      expect(await ordersOf(shop, context)).toEqual({ kept: [orderIdOf(orderPath)], rejected: 1 });
      const [mail, ...others] = await mailsIn(shop, orderIdOf(orderPath));
      expect(mail).toContain('someone@example.com');
      expect(others).toEqual([]);
    });

    it('empties a cart', async () => {
      await page.goto(`${shop.url}/product/1YMWWN1N4O`);
      await press(page, 'Add to cart');
      expect(await cartCount(page)).toBe(1);
      await press(page, 'Empty cart');
      expect(pathOf(page)).toBe('/');
      expect(await cartCount(page)).toBe(0);
    });

    it('resets the session, after which the order is not found', async () => {
      await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
      await press(page, 'Add to cart');
      await press(page, /^Place order/);
      const orderPath = pathOf(page);
      await openLink(page, 'Reset session');
      expect(await page.getByLabel('Currency').inputValue()).toBe('USD');
      const answer = await page.goto(`${shop.url}${orderPath}`);
      expect(answer?.status()).toBe(404);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Not found');
    });
  });

  // No page of the shop has a script (page-quality.test.ts), so a browser that could run one needs no other tests.
  it('searches, fills the cart and orders with JavaScript', async () => {
    await using context = await browser.shopper();
    const watch = watchPages(context, [shop.url]);
    const page = await context.newPage();
    await page.goto(`${shop.url}/search?q=mug`);
    await openLink(page, /^Mug/);
    await press(page, 'Add to cart');
    await press(page, /^Place order/);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Thank you for your order');
    expect(watch.complaints()).toEqual([]);
  });

  it('sees an order in progress become confirmed without reloading the page', async () => {
    await using context = await browser.shopper({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${places.ordersUrl}/order/ARRIVING`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Your order was received');
    expect(await page.locator('.tracker [aria-current]').innerText()).toMatch(/^Paid/);
    await page.getByRole('heading', { name: 'Thank you for your order' }).waitFor();
    expect(await page.locator('.tracker .step-done').count()).toBe(4);
  });

  it('cannot send a form with an empty field', async () => {
    await using context = await browser.shopper({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(page, 'Add to cart');
    await page.getByLabel('Email').fill('');
    await page.getByRole('button', { name: /^Place order/ }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect(await focusedElement(page)).toMatchObject({ id: 'email' });
    expect(pathOf(page)).toBe('/cart');
  });

  it('reloads the page of a declined order without a second attempt to charge', async () => {
    await using context = await browser.shopper();
    const page = await context.newPage();
    await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(page, 'Add to cart');
    await checkoutForm(page).fill(validCard(DECLINED_CARD));
    await checkoutForm(page).send();
    // The browser sends the same form once more.
    const answer = await follow(page, () => page.reload());
    expect(answer.request().method()).toBe('POST');
    expect(answer.status()).toBe(422);
    expect(await ordersOf(shop, context)).toEqual({ kept: [], rejected: 1 });
  });

  it('buys from the cart page after a declined card', async () => {
    await using context = await browser.shopper();
    const page = await context.newPage();
    await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(page, 'Add to cart');
    await checkoutForm(page).fill(validCard(DECLINED_CARD));
    await checkoutForm(page).send();
    await openLink(page, /^Cart/);
    await press(page, /^Place order/);
    expect(await ordersOf(shop, context)).toEqual({ kept: [orderIdOf(pathOf(page))], rejected: 1 });
  });

  it('goes back after an order and finds an empty cart', async () => {
    await using context = await browser.shopper();
    const page = await context.newPage();
    await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(page, 'Add to cart');
    await press(page, /^Place order/);
    const orderId = orderIdOf(pathOf(page));
    await follow(page, () => page.goBack());
    expect(pathOf(page)).toBe('/cart');
    expect(await page.locator('main').innerText()).toContain('Your cart is empty');
    expect(await page.getByRole('button', { name: /^Place order/ }).count()).toBe(0);
    expect(await ordersOf(shop, context)).toEqual({ kept: [orderId], rejected: 0 });
  });

  it('orders once with a double click', async () => {
    await using context = await browser.shopper();
    const page = await context.newPage();
    await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(page, 'Add to cart');
    await page.getByRole('button', { name: /^Place order/ }).dblclick();
    await page.waitForURL('**/order/*');
    const orderId = orderIdOf(pathOf(page));
    expect(await ordersOf(shop, context)).toEqual({ kept: [orderId], rejected: 0 });
    expect(await mailsIn(shop, orderId)).toHaveLength(1);
  });

  it.each([
    ['concurrently', async (first: Page, second: Page) => await Promise.all([placeOrder(first), placeOrder(second)])],
    ['one after the other', async (first: Page, second: Page) => [await placeOrder(first), await placeOrder(second)]],
  ])('sends the same cart from two windows, %s, and gets one order, shown in both', async (_how, send) => {
    await using context = await browser.shopper({ javaScriptEnabled: false });
    const first = await context.newPage();
    await first.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(first, 'Add to cart');
    const second = await context.newPage();
    await second.goto(`${shop.url}/cart`);
    const [path = '', ...others] = await send(first, second);
    expect(others).toEqual([path]);
    const orderId = orderIdOf(path);
    expect(await ordersOf(shop, context)).toEqual({ kept: [orderId], rejected: 0 });
    expect(await mailsIn(shop, orderId)).toHaveLength(1);
  });
});

function validCard(number: string) {
  return {
    credit_card_number: number,
    credit_card_expiration_month: '12',
    credit_card_expiration_year: String(new Date().getUTCFullYear() + 1),
    credit_card_cvv: '672',
  };
}

async function chooseEuro(page: Page): Promise<void> {
  await page.getByLabel('Currency').selectOption('EUR');
  await press(page, 'Set currency');
}

/** Adds three mugs and a recommended product, checks that the amounts add up, and returns the total of the cart. */
async function fillCart(page: Page): Promise<string> {
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
async function correctMistakes(page: Page): Promise<void> {
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

async function payWithDeclinedCard(page: Page): Promise<void> {
  const form = checkoutForm(page);
  await form.fill(validCard(DECLINED_CARD));
  expect((await form.send()).status()).toBe(422);
  const { credit_card_number: problem, ...others } = await form.problems();
  expect(problem).toMatch(/^This card was declined\. Nothing was charged/);
  expect(others).toEqual({});
  expect(await cartCount(page)).toBe(4);
}

async function placeOrder(page: Page): Promise<string> {
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

async function cartCount(page: Page): Promise<number> {
  return Number.parseInt(await page.locator('.count').innerText(), 10);
}

function orderIdOf(path: string): string {
  return path.replace('/order/', '');
}

async function ordersOf(shop: TestShop, context: BrowserContext) {
  const cookies = await context.cookies();
  const userId = cookies.find(({ name }) => name === 'shop_session-id')?.value ?? '';
  const checkout = shop.client(CheckoutServiceDefinition, 'checkoutservice');
  const { orders } = await checkout.listOrders({ userId, pageSize: 100, pageToken: '' });
  const kept = orders.filter(({ state }) => state !== OrderState.REJECTED);
  return { kept: kept.map(({ result }) => result?.orderId), rejected: orders.length - kept.length };
}
