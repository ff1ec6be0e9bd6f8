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

  describe.each([
    ['without JavaScript', false],
    ['with JavaScript', true],
  ])('%s', (_name, javaScriptEnabled) => {
    let context: BrowserContext;
    let page: Page;
    let watch: PageWatch;
    let orderPath: string;
    let cartTotal: string;

    // Each step goes on from the page the one before it ended on, as a person would.
    beforeAll(async () => {
      context = await browser.shopper({ javaScriptEnabled });
      watch = watchPages(context, [shop.url]);
      page = await context.newPage();
    });

    afterAll(async () => await context?.close());

    it('looks around', async () => {
      await page.goto(shop.url);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Well made. Plainly priced.');
      expect(await page.locator('.card').count()).toBe(9);
      await page.getByRole('link', { name: 'See what’s on the stall' }).click();
      expect(new URL(page.url()).hash).toBe('#products');
    });

    it('searches', async () => {
      await page.getByLabel('Search products').fill('unicorn');
      await press(page, 'Search');
      expect(await page.locator('main').innerText()).toContain('Nothing on the stall matches');
      await page.getByLabel('Search products').fill('mUg');
      await follow(page, () => page.getByLabel('Search products').press('Enter'));
      expect(pathOf(page)).toBe('/search?q=mUg');
      expect(await page.locator('.card h3').allInnerTexts()).toEqual(['Mug']);
      expect(await page.getByLabel('Search products').inputValue()).toBe('mUg');
    });

    it('chooses a currency and stays where it was chosen', async () => {
      expect(await page.locator('.card .tag').innerText()).toBe('$8.99');
      await page.getByLabel('Currency').selectOption('EUR');
      await press(page, 'Set currency');
      expect(pathOf(page)).toBe('/search?q=mUg');
      expect(await page.locator('.card .tag').innerText()).toBe('€7.95');
      await openLink(page, /^Mug/);
      expect(pathOf(page)).toBe('/product/6E92ZMYYFZ');
      expect(await page.locator('.product .tag').innerText()).toBe('€7.95');
      expect(await page.getByLabel('Currency').inputValue()).toBe('EUR');
    });

    it('fills a cart whose lines add up', async () => {
      await page.getByLabel('Quantity').selectOption('3');
      await press(page, 'Add to cart');
      expect(pathOf(page)).toBe('/cart');
      await follow(page, () => page.locator('.shelf .card').first().click());
      await press(page, 'Add to cart');
      const lines = await page.locator('.lines tbody tr').all();
      expect(lines).toHaveLength(2);
      const totals = await Promise.all(
        lines.map(async (line) => euroCents(await line.locator('td').last().innerText())),
      );
      expect(totals[0]).toBe(3 * 795);
      const summary = await page.locator('.lines tfoot td').allInnerTexts();
      const [subtotal = '', shipping = '', total = ''] = summary;
      expect(euroCents(subtotal)).toBe(sum(totals));
      expect(euroCents(total)).toBe(euroCents(subtotal) + euroCents(shipping));
      expect(euroCents(shipping)).toBe(795);
      expect(await page.getByRole('button', { name: /^Place order/ }).innerText()).toBe(`Place order for ${total}`);
      expect(await cartCount(page)).toBe(4);
      cartTotal = total;
    });

    it('sends a form with mistakes, and is shown each of them beside its field', async () => {
      const form = checkoutForm(page);
      await form.fill({ street_address: 'Riva 4196 <b>', city: ' ', credit_card_number: '4432801561520455' });
      const answer = await form.send();
      expect(answer.status()).toBe(422);
      expect(await page.title()).toMatch(/^Error: /);
      expect(await form.problems()).toEqual({
        city: 'Enter a city.',
        credit_card_number: 'Check the card number: one of its digits is wrong.',
      });
      // What was typed is kept, but for the card.
      expect(await form.values()).toMatchObject({
        email: 'someone@example.com',
        street_address: 'Riva 4196 <b>',
        credit_card_number: '',
        credit_card_expiration_month: '',
        credit_card_expiration_year: '',
        credit_card_cvv: '',
      });
    });

    it('lands on a summary of the mistakes, which leads to the fields', async () => {
      expect(await focusedElement(page)).toMatchObject({ tag: 'section', label: 'Your order was not placed' });
      await page.getByRole('link', { name: 'Enter a city.' }).click();
      expect(await focusedElement(page)).toMatchObject({ tag: 'input', id: 'city' });
      await page.getByRole('link', { name: 'Check the card number' }).click();
      expect(await focusedElement(page)).toMatchObject({ tag: 'input', id: 'credit_card_number' });
    });

    it('is told beside the card number that a card was declined', async () => {
      const form = checkoutForm(page);
      await form.fill({ city: 'Venezia', ...validCard(DECLINED_CARD) });
      const answer = await form.send();
      expect(answer.status()).toBe(422);
      const { credit_card_number: problem, ...others } = await form.problems();
      expect(problem).toMatch(/^This card was declined\. Nothing was charged/);
      expect(others).toEqual({});
      expect(await cartCount(page)).toBe(4);
    });

    it('buys with another card, and comes to a page of the order', async () => {
      const form = checkoutForm(page);
      await form.fill(validCard(GOOD_CARD));
      const answer = await form.send();
      expect(answer.status()).toBe(200);
      orderPath = pathOf(page);
      expect(orderPath).toMatch(/^\/order\/[\w-]{8,}$/);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Thank you for your order');
      expect(await page.locator('.lines tfoot td').last().innerText()).toBe(cartTotal);
      expect(await page.locator('address').innerText()).toContain('Riva 4196 <b>');
      expect(await cartCount(page)).toBe(0);
    });

    it('gets one mail', async () => {
      const [mail, ...others] = await mailsIn(shop, orderIdOf(orderPath));
      expect(mail).toContain('someone@example.com');
      expect(others).toEqual([]);
    });

    it('loads the order again without ordering again', async () => {
      const answer = await follow(page, () => page.reload());
      expect({ status: answer.status(), path: pathOf(page) }).toEqual({ status: 200, path: orderPath });
      expect(await ordersOf(shop, context)).toEqual({ kept: [orderIdOf(orderPath)], rejected: 1 });
    });

    it('empties a cart', async () => {
      await page.goto(`${shop.url}/product/1YMWWN1N4O`);
      await press(page, 'Add to cart');
      expect(await cartCount(page)).toBe(1);
      await press(page, 'Empty cart');
      expect(pathOf(page)).toBe('/');
      expect(await cartCount(page)).toBe(0);
    });

    it('leaves, and nobody sees the order who comes after', async () => {
      await openLink(page, 'Reset session');
      expect(await page.getByLabel('Currency').inputValue()).toBe('USD');
      const answer = await page.goto(`${shop.url}${orderPath}`);
      expect(answer?.status()).toBe(404);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Not found');
    });

    it('had a browser with nothing to complain about', () => {
      expect(watch.complaints()).toEqual([]);
      expect(shop.logs.errors()).toEqual([]);
    });
  });

  it('sees an order under way come to its end without doing anything', async () => {
    await using context = await browser.shopper({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${places.ordersUrl}/order/ARRIVING`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('We have your order');
    expect(await page.locator('.tracker [aria-current]').innerText()).toMatch(/^Paid/);
    await page.getByRole('heading', { name: 'Thank you for your order' }).waitFor();
    expect(await page.locator('.tracker .step-done').count()).toBe(4);
  });

  it('is stopped by the browser when a field is empty', async () => {
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

  it('who loads a declined order again is not charged, and not declined a second time', async () => {
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

  it('who comes back to the cart after a decline can buy with another card', async () => {
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

  it('who goes back after ordering finds nothing left to order', async () => {
    await using context = await browser.shopper();
    const page = await context.newPage();
    await page.goto(`${shop.url}/product/6E92ZMYYFZ`);
    await press(page, 'Add to cart');
    await press(page, /^Place order/);
    const orderId = orderIdOf(pathOf(page));
    await follow(page, () => page.goBack());
    expect(pathOf(page)).toBe('/cart');
    expect(await page.locator('main').innerText()).toContain('Nothing in it yet');
    expect(await page.getByRole('button', { name: /^Place order/ }).count()).toBe(0);
    expect(await ordersOf(shop, context)).toEqual({ kept: [orderId], rejected: 0 });
  });

  it('who clicks twice orders once', async () => {
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
    ['at once', async (first: Page, second: Page) => await Promise.all([placeOrder(first), placeOrder(second)])],
    ['one after the other', async (first: Page, second: Page) => [await placeOrder(first), await placeOrder(second)]],
  ])('who sends the same cart from two windows, %s, orders once and sees that order in both', async (_how, send) => {
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
