import type { Page } from 'playwright-core';
import type { TestShop } from '../integration/test-shop.ts';
import { MUG } from '../integration/web-shopper.ts';
import { addToCart } from './add-to-cart.ts';
import { startBrowser, type TestBrowser } from './browser.ts';
import { checkoutForm } from './checkout-form.ts';
import {
  cartCount,
  chooseEuro,
  correctMistakes,
  DECLINED_CARD,
  fillCart,
  GOOD_CARD,
  orderIdOf,
  ordersOf,
  payWithDeclinedCard,
  placeOrder,
  validCard,
} from './checkout-steps.ts';
import { controlNames, focusedElement, focusStop, tabThrough, tabTo } from './focus.ts';
import { follow, openLink, pathOf, press } from './follow.ts';
import { mailsIn } from './mails.ts';
import { newSession } from './new-session.ts';
import { CONFIRMED_ON_RELOAD, RESPONSE_LOST } from './order-server.ts';
import { type PageWatch, watchPages } from './page-watch.ts';
import { type Storefronts, startStorefronts } from './storefronts.ts';

describe('a shopper', () => {
  let storefronts: Storefronts;
  let shop: TestShop;
  let browser: TestBrowser;
  let page: Page;
  let watch: PageWatch;

  beforeAll(async () => {
    [storefronts, browser] = await Promise.all([startStorefronts(), startBrowser()]);
    shop = storefronts.shop;
    // No page has a script (pages.test.ts), so one test with JavaScript is enough.
    const context = await browser.newContext({ javaScriptEnabled: false });
    watch = watchPages(context, [shop.url, storefronts.ordersUrl]);
    page = await context.newPage();
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await storefronts?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await newSession(page);
    watch.clear();
  });

  afterEach(() => {
    expect(watch.problems()).toEqual([]);
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
    expect(pathOf(page)).toBe(`/product/${MUG}`);
    expect(await page.locator('.product .tag').innerText()).toBe('€7.95');
    expect(await page.getByLabel('Currency').inputValue()).toBe('EUR');
  });

  it('corrects a form, pays with another card after a decline, and gets one order and one mail', async () => {
    await page.goto(`${shop.url}/product/${MUG}`);
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
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [orderIdOf(orderPath)], rejected: 1 });
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
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    await press(page, /^Place order/);
    const orderPath = pathOf(page);
    await openLink(page, 'Reset session');
    expect(await page.getByLabel('Currency').inputValue()).toBe('USD');
    const answer = await page.goto(`${shop.url}${orderPath}`);
    expect(answer?.status()).toBe(404);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Not found');
  });

  it('searches, fills the cart and orders with JavaScript', async () => {
    await using context = await browser.newContext();
    const watchWithJavaScript = watchPages(context, [shop.url]);
    const pageWithJavaScript = await context.newPage();
    await pageWithJavaScript.goto(`${shop.url}/search?q=mug`);
    await openLink(pageWithJavaScript, /^Mug/);
    await press(pageWithJavaScript, 'Add to cart');
    await press(pageWithJavaScript, /^Place order/);
    expect(await pageWithJavaScript.getByRole('heading', { level: 1 }).innerText()).toBe('Thank you for your order');
    expect(watchWithJavaScript.problems()).toEqual([]);
  });

  it('sees an order in progress become confirmed without reloading the page', async () => {
    await page.goto(`${storefronts.ordersUrl}/order/${CONFIRMED_ON_RELOAD}`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Your order was received');
    expect(await page.locator('.tracker [aria-current]').innerText()).toMatch(/^Paid/);
    await page.getByRole('heading', { name: 'Thank you for your order' }).waitFor();
    expect(await page.locator('.tracker .step-done').count()).toBe(4);
  });

  it('follows an order without a response, without reloading the page, until it is known', async () => {
    await addToCart(page, storefronts.ordersUrl, { [MUG]: 1 });
    await page.goto(`${storefronts.ordersUrl}/cart`);
    const form = checkoutForm(page);
    await form.fill({ ...validCard(GOOD_CARD), city: RESPONSE_LOST });
    expect((await form.send()).status()).toBe(503);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('We are looking for your order');
    expect(await page.locator('main').innerText()).toContain('your card may have been charged');
    await page.waitForURL('**/order-status?*');
    await page.waitForURL(`**/order/${CONFIRMED_ON_RELOAD}`);
    await page.getByRole('heading', { name: 'Thank you for your order' }).waitFor();
  });

  it('cannot send a form with an empty field', async () => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    await page.getByLabel('Email').fill('');
    await page.getByRole('button', { name: /^Place order/ }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect(await focusedElement(page)).toMatchObject({ id: 'email' });
    expect(pathOf(page)).toBe('/cart');
  });

  it('reloads the page of a declined order without a second attempt to charge', async () => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    await checkoutForm(page).fill(validCard(DECLINED_CARD));
    await checkoutForm(page).send();
    // The browser sends the same form once more.
    const answer = await follow(page, () => page.reload());
    expect(answer.request().method()).toBe('POST');
    expect(answer.status()).toBe(422);
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [], rejected: 1 });
  });

  it('buys from the cart page after a declined card', async () => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    await checkoutForm(page).fill(validCard(DECLINED_CARD));
    await checkoutForm(page).send();
    await openLink(page, /^Cart/);
    await press(page, /^Place order/);
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [orderIdOf(pathOf(page))], rejected: 1 });
  });

  it('goes back after an order and finds an empty cart', async () => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    await press(page, /^Place order/);
    const orderId = orderIdOf(pathOf(page));
    await follow(page, () => page.goBack());
    expect(pathOf(page)).toBe('/cart');
    expect(await page.locator('main').innerText()).toContain('Your cart is empty');
    expect(await page.getByRole('button', { name: /^Place order/ }).count()).toBe(0);
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [orderId], rejected: 0 });
  });

  it('orders once with a double click', async () => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    await page.getByRole('button', { name: /^Place order/ }).dblclick();
    await page.waitForURL('**/order/*');
    const orderId = orderIdOf(pathOf(page));
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [orderId], rejected: 0 });
    expect(await mailsIn(shop, orderId)).toHaveLength(1);
    // The browser aborts the first submission when the second click comes before its response.
    const aborted = `request failed: POST net::ERR_ABORTED (${shop.url}/cart/checkout)`;
    expect(watch.problems().filter((problem) => problem !== aborted)).toEqual([]);
    watch.clear();
  });

  it('buys for the amount on the button: a currency that another window has chosen is shown before anything is charged', async () => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    const button = () => page.getByRole('button', { name: /^Place order/ }).innerText();
    expect(await button()).toBe('Place order for $17.98');
    const second = await page.context().newPage();
    await second.goto(`${shop.url}/cart`);
    await chooseEuro(second);
    await second.close();

    const form = checkoutForm(page);
    await form.fill({ ...validCard(GOOD_CARD), city: 'Venezia' });
    expect((await form.send()).status()).toBe(422);
    expect(await page.locator('main').innerText()).toContain(
      'The total was $17.98 when you opened this page, and is €15.90 now.',
    );
    expect(await form.values()).toMatchObject({ city: 'Venezia', credit_card_number: '', credit_card_cvv: '' });
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [], rejected: 0 });
    expect(await button()).toBe('Place order for €15.90');

    await form.fill(validCard(GOOD_CARD));
    expect((await form.send()).status()).toBe(200);
    expect(await page.locator('.lines tfoot td').last().innerText()).toBe('€15.90');
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [orderIdOf(pathOf(page))], rejected: 0 });
  });

  it.each([
    ['concurrently', async (first: Page, second: Page) => await Promise.all([placeOrder(first), placeOrder(second)])],
    ['one after the other', async (first: Page, second: Page) => [await placeOrder(first), await placeOrder(second)]],
  ])('sends the same cart from two windows, %s, and gets one order, shown in both', async (_how, send) => {
    await addToCart(page, shop.url, { [MUG]: 1 });
    await page.goto(`${shop.url}/cart`);
    const second = await page.context().newPage();
    await second.goto(`${shop.url}/cart`);
    const [path = '', ...others] = await send(page, second);
    await second.close();
    expect(others).toEqual([path]);
    const orderId = orderIdOf(path);
    expect(await ordersOf(shop, page.context())).toEqual({ kept: [orderId], rejected: 0 });
    expect(await mailsIn(shop, orderId)).toHaveLength(1);
  });

  describe('with the keyboard only', () => {
    beforeEach(async () => await page.emulateMedia({ reducedMotion: 'reduce' }));

    it.each(['/', `/product/${MUG}`, '/cart'])('shows the focus on every control of %s', async (path) => {
      await addToCart(page, shop.url, { [MUG]: 1 });
      await page.goto(shop.url + path);
      const stops = await tabThrough(page);
      expect(stops.filter(({ hasRing, isVisible }) => !hasRing || !isVisible)).toEqual([]);
      expect(new Set(stops.map(({ name }) => name))).toEqual(new Set(await controlNames(page)));
    });

    it('focuses a link first that skips the header', async () => {
      await page.goto(shop.url);
      await page.keyboard.press('Tab');
      expect(await focusStop(page)).toMatchObject({ name: 'a Skip to content', isVisible: true });
      await page.keyboard.press('Enter');
      expect(await focusedElement(page)).toMatchObject({ tag: 'main' });
      await page.keyboard.press('Tab');
      expect(await focusStop(page)).toMatchObject({ name: 'a See what’s on the stall' });
    });

    it('places an order', async () => {
      await page.goto(`${shop.url}/product/${MUG}`);
      await tabTo(page, 'select quantity');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'button Add to cart');
      await Promise.all([page.waitForURL('**/cart'), page.keyboard.press('Enter')]);
      expect(await page.locator('.lines tbody td').first().innerText()).toBe('2');
      await tabTo(page, 'input credit_card_cvv');
      await page.keyboard.type('123');
      await Promise.all([page.waitForURL('**/order/*'), page.keyboard.press('Enter')]);
      expect(pathOf(page)).toMatch(/^\/order\//);
      await openLink(page, 'Continue shopping');
    });
  });
});
