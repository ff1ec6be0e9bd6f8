/** The response of a page; redirects are not followed. */
export type WebResponse = { readonly status: number; readonly location: string; readonly body: string };

/** A client of the storefront with a cookie jar. */
export type WebShopper = {
  readonly get: (path: string) => Promise<WebResponse>;
  /** Sends a form; redirects are not followed. */
  readonly post: (path: string, form: Readonly<Record<string, string>>) => Promise<WebResponse>;
  /** The value of the session cookie. */
  readonly userId: () => string;
  readonly cookies: () => ReadonlyMap<string, string>;
};

/** The values of the prefilled checkout form. */
export function checkoutForm(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    email: 'someone@example.com',
    street_address: '1600 Amphitheatre Parkway',
    zip_code: '94043',
    city: 'Mountain View',
    state: 'CA',
    country: 'United States',
    credit_card_number: '4432801561520454',
    credit_card_expiration_month: '1',
    credit_card_expiration_year: String(new Date().getUTCFullYear() + 1),
    credit_card_cvv: '672',
    ...overrides,
  };
}

/** Starts with these cookies, or with none. */
export function webShopper(shopUrl: string, cookies: ReadonlyMap<string, string> = new Map()): WebShopper {
  const jar = new Map<string, string>(cookies);
  const ask = async (path: string, init: RequestInit): Promise<WebResponse> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${shopUrl}${path}`, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      jar.set(name, value);
    }
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      body: await response.text(),
    };
  };
  return {
    get: async (path) => await ask(path, {}),
    post: async (path, form) => await ask(path, { method: 'POST', body: new URLSearchParams(form) }),
    userId: () => jar.get('shop_session-id') ?? '',
    cookies: () => jar,
  };
}

/** The product that the tests order. */
export const MUG = '6E92ZMYYFZ';

/** Makes every kind of request once, orders two mugs in euros, and returns the page of the order. */
export async function shopAround(shopper: WebShopper): Promise<WebResponse> {
  const expectStatus = async (answer: Promise<WebResponse>, status: number): Promise<WebResponse> => {
    const { body, ...rest } = await answer;
    expect(rest).toMatchObject({ status });
    return { body, ...rest };
  };
  await expectStatus(shopper.get('/'), 200);
  await expectStatus(shopper.get('/search?q=mug'), 200);
  await expectStatus(shopper.post('/setCurrency', { currency_code: 'EUR' }), 303);
  await expectStatus(shopper.get(`/product/${MUG}`), 200);
  await expectStatus(shopper.post('/cart', { product_id: MUG, quantity: '1' }), 303);
  await expectStatus(shopper.post('/cart/empty', {}), 303);
  await expectStatus(shopper.post('/cart', { product_id: MUG, quantity: '2' }), 303);
  await expectStatus(shopper.get('/cart'), 200);
  const { location } = await expectStatus(shopper.post('/cart/checkout', checkoutForm()), 303);
  expect(location).toMatch(/^\/order\//);
  await expectStatus(shopper.get('/orders'), 200);
  return await expectStatus(shopper.get(location), 200);
}

/** The hidden fields of the checkout form of a page: which cart the form buys, which attempt it is, and the total. */
export function hiddenFields(html: string): Record<string, string> {
  const fields = [
    ...html.matchAll(/<input type="hidden" name="(cart_key|attempt|shown_currency|shown_total)" value="([^"]*)"/g),
  ];
  if (fields.length === 0) throw new Error('the page has no checkout form');
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}
