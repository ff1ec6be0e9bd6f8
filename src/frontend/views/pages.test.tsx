import type { VNode } from 'preact';
import { FIELD_NAMES, perField } from '../checkout-form/fields.ts';
import { CartPageView } from './cart-page.tsx';
import { ErrorPageView } from './error-page.tsx';
import { HomePageView } from './home-page.tsx';
import type {
  CartPage,
  CheckoutForm,
  HomePage,
  LayoutProps,
  LineItem,
  OrderPage,
  OrdersPage,
  ProductCard,
  ProductPage,
} from './models.ts';
import { OrderPageView } from './order-page.tsx';
import { OrdersPageView } from './orders-page.tsx';
import { ProductPageView } from './product-page.tsx';
import { renderDocument } from './render-document.tsx';
import { SearchPageView } from './search-page.tsx';

const layout: LayoutProps = {
  basePath: '/shop',
  currency: 'EUR',
  currencies: ['USD', 'EUR'],
  cartCount: 2,
  query: 'glass',
  banner: 'Closed on Sunday',
  bannerColor: true,
  requestId: 'request-1',
};
const mug: ProductCard = { id: '6E92ZMYYFZ', name: 'Mug', price: '€7.95', picture: '/static/products/mug.svg' };
const shakers: ProductCard = { ...mug, id: 'LS4PSXUNUM', name: 'Salt & Pepper Shakers' };
const lines: LineItem[] = [{ ...mug, quantity: 2, total: '€15.90' }];
const ad = { text: 'A jar for sale', href: '/product/9SIQT8TOJO' };
const home: HomePage = { products: [mug, shakers], ad };
const product: ProductPage = {
  ...mug,
  description: 'Holds coffee.',
  categories: ['kitchen'],
  recommendations: [shakers],
  ad,
  problem: 'Choose a quantity from 1 to 10',
};
const form: CheckoutForm = {
  values: {
    email: 'someone@example.com',
    street_address: '1600 Amphitheatre Parkway',
    zip_code: '94043',
    city: 'Mountain View',
    state: 'CA',
    country: 'United States',
    credit_card_number: '',
    credit_card_expiration_month: '1',
    credit_card_expiration_year: '2031',
    credit_card_cvv: '',
  },
  problems: Object.fromEntries(FIELD_NAMES.map((field) => [field, `Wrong: ${field}`])),
  problem: 'The card was declined',
  options: { ...perField(() => undefined), credit_card_expiration_year: ['2030', '2031'] },
  hidden: { attempt: 'attempt-1' },
};
const cart: CartPage = {
  lines,
  gone: false,
  subtotal: '€15.90',
  shipping: '€7.95',
  total: '€23.85',
  form,
  recommendations: [shakers],
};
const order: OrderPage = {
  orderId: 'order-1',
  state: 'PAID',
  passed: ['PLACED', 'PAID'],
  stateText: 'Your card is charged.',
  moving: true,
  lines,
  shipping: '€7.95',
  total: '€23.85',
  trackingId: 'tracking-1',
  isErased: false,
  address: ['1600 Amphitheatre Parkway', 'Mountain View'],
  history: [{ label: 'Placed', time: '2030-01-02T03:04:05.678Z' }],
};
const orders: OrdersPage = {
  orders: [{ orderId: 'order-1', placed: '2030-01-02T03:04:05.678Z', state: 'Paid', total: '€23.85' }],
  olderToken: 'older',
  isFirst: false,
};

/** Every page, with its model passed through `change` first. */
function everyPage(change: <T>(model: T) => T = (model) => model): [string, string][] {
  const around = change(layout);
  const pages: [string, VNode][] = [
    ['home', <HomePageView layout={around} page={change(home)} />],
    ['product', <ProductPageView layout={around} page={change(product)} />],
    ['search', <SearchPageView layout={around} page={change({ query: 'glass', results: [mug] })} />],
    ['search without results', <SearchPageView layout={around} page={change({ query: 'glass', results: [] })} />],
    ['cart', <CartPageView layout={around} page={change(cart)} />],
    ['empty cart', <CartPageView layout={around} page={change({ ...cart, lines: [] })} />],
    [
      'cart of which everything is gone',
      <CartPageView layout={around} page={change({ ...cart, lines: [], gone: true })} />,
    ],
    ['orders', <OrdersPageView layout={around} page={change(orders)} />],
    ['orders without one', <OrdersPageView layout={around} page={change({ ...orders, orders: [] })} />],
    ['order', <OrderPageView layout={around} page={change(order)} />],
    [
      'error',
      <ErrorPageView layout={around} page={change({ status: 404, title: 'Not here', message: 'Look again.' })} />,
    ],
  ];
  return pages.map(([name, node]) => [name, renderDocument(node)]);
}

function attributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '');
}

function tags(html: string, name: string): string[] {
  return html.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];
}

const ORDER_STATES: ReadonlySet<string> = new Set(order.passed);

/** The model with every text replaced, except the words a view chooses by. */
function withTexts<T>(model: T, text: string): T {
  return JSON.parse(JSON.stringify(model), (key, value) =>
    typeof value === 'string' && !['state', 'basePath'].includes(key) && !ORDER_STATES.has(value) ? text : value,
  ) as T;
}

describe.each(everyPage())('the %s page', (_name, html) => {
  it('is a complete HTML document in English', () => {
    expect(html).toMatch(/^<!doctype html><html lang="en"><head>.*<title>[^<]+ · Mercato<\/title>.*<\/body><\/html>$/s);
  });

  it('has no script, no inline style and no inline event handler', () => {
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
  });

  it('refers to no other origin', () => {
    expect(html).not.toMatch(/(?:src|href|action)="(?:[a-z]+:)?\/\//i);
  });

  it('prefixes every address with the base path', () => {
    const addresses = ['href', 'src', 'action'].flatMap((name) => attributes(html, name));
    expect(addresses.filter((address) => !address.startsWith('#') && !address.startsWith('/shop/'))).toEqual([]);
  });

  it('has a label for every field', () => {
    const fields = [...tags(html, 'input'), ...tags(html, 'select')].filter((tag) => !tag.includes('type="hidden"'));
    const unlabelled = fields.filter((tag) => !html.includes(` for="${attributes(tag, 'id')[0]}"`));
    expect(fields.length).toBeGreaterThan(0);
    expect(unlabelled).toEqual([]);
  });

  it('has unique ids, and refers only to existing ids', () => {
    const ids = attributes(html, 'id');
    const references = [
      ...attributes(html, 'aria-describedby').flatMap((value) => value.split(' ')),
      ...attributes(html, 'aria-labelledby'),
      ...attributes(html, 'href').flatMap((href) => (href.startsWith('#') ? [href.slice(1)] : [])),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(references.filter((reference) => !ids.includes(reference))).toEqual([]);
  });

  it('has one h1 and skips no heading level', () => {
    const levels = [...html.matchAll(/<h([1-6])\b/g)].map((match) => Number(match[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  it('has a width, a height and an alt attribute for every picture', () => {
    const pictures = tags(html, 'img');
    expect(pictures.filter((tag) => !/ alt(="|\s|\/|>)/.test(tag) || !/ width="\d+" height="\d+"/.test(tag))).toEqual(
      [],
    );
  });
});

it('escapes every text of every page', () => {
  const hostile = '<i class=x>"\'&</i>';
  for (const [, html] of everyPage((model) => withTexts(model, hostile))) {
    expect(html).not.toContain('<i ');
    expect(html).not.toContain('</i>');
    expect(html).not.toMatch(/="[^"]*<i/);
    expect(html).toContain('&lt;i class=x>');
  }
});

describe('the layout', () => {
  it('omits the currency form when the currencies are not known', () => {
    const html = renderDocument(<HomePageView layout={{ ...layout, currencies: [] }} page={home} />);
    expect(html).not.toContain('/setCurrency');
  });

  it('omits the count when the cart could not be read', () => {
    const html = renderDocument(<HomePageView layout={{ ...layout, cartCount: undefined }} page={home} />);
    expect(html).toContain('href="/shop/cart"');
    expect(html).not.toContain('class="count"');
  });

  it('includes the style sheet of the banner colour only when a colour is set', () => {
    const withColor = renderDocument(<HomePageView layout={layout} page={home} />);
    const without = renderDocument(<HomePageView layout={{ ...layout, bannerColor: false }} page={home} />);
    expect(withColor.indexOf('/shop/static/banner.css')).toBeGreaterThan(withColor.indexOf('/shop/static/styles.css'));
    expect(without).not.toContain('banner.css');
  });
});

describe('the product page', () => {
  it('is complete without advertisement, recommendations and problem', () => {
    const html = renderDocument(
      <ProductPageView layout={layout} page={{ ...product, ad: undefined, recommendations: [], problem: undefined }} />,
    );
    expect(html).toContain('Add to cart');
    expect(html).not.toMatch(/Advertisement|You may also like|aria-invalid|quantity-problem/);
  });

  it('links the problem to the quantity field', () => {
    const html = renderDocument(<ProductPageView layout={layout} page={product} />);
    expect(html).toContain('id="quantity-problem">Choose a quantity from 1 to 10<');
    expect(tags(html, 'select').find((tag) => tag.includes('id="quantity"'))).toMatch(
      /aria-invalid="true" aria-describedby="quantity-problem"/,
    );
  });

  it('percent-encodes the product id', () => {
    const html = renderDocument(
      <ProductPageView layout={layout} page={{ ...product, recommendations: [{ ...mug, id: '../a b?c' }] }} />,
    );
    expect(html).toContain('href="/shop/product/..%2Fa%20b%3Fc"');
  });
});

describe('the checkout form', () => {
  const html = renderDocument(<CartPageView layout={layout} page={cart} />);

  it.each(FIELD_NAMES)('shows the problem of %s next to its field and links to the field from the summary', (field) => {
    const control = [...tags(html, 'input'), ...tags(html, 'select')].find((tag) => tag.includes(` name="${field}"`));
    expect(control).toContain(`id="${field}"`);
    expect(control).toContain('aria-invalid="true"');
    expect(attributes(control ?? '', 'aria-describedby')[0]?.split(' ')).toContain(`${field}-problem`);
    expect(html).toContain(`id="${field}-problem">Wrong: ${field}<`);
    expect(html).toContain(`<a href="#${field}">Wrong: ${field}</a>`);
  });

  it('keeps the typed values and includes the hidden fields', () => {
    expect(html).toContain('value="someone@example.com"');
    expect(html).toContain('<option value="2031" selected>');
    expect(html).toContain('type="hidden" name="attempt" value="attempt-1"');
  });

  it('states that shipping is added at checkout when there is no quote', () => {
    const page = { ...cart, shipping: undefined, total: undefined };
    const text = renderDocument(<CartPageView layout={layout} page={page} />);
    expect(text).toContain('Added at checkout');
    expect(text).toContain('>Place order<');
  });

  it('shows no summary of problems when there are none', () => {
    const page = { ...cart, form: { ...form, problems: {}, problem: undefined } };
    expect(renderDocument(<CartPageView layout={layout} page={page} />)).not.toMatch(
      /was not placed|aria-invalid|Error:/,
    );
  });
});

describe('the order page', () => {
  it('marks the current step of the order', () => {
    const html = renderDocument(<OrderPageView layout={layout} page={order} />);
    expect(html).toMatch(/class="step-current" aria-current="step">Paid</);
    expect(html).toContain('<time datetime="2030-01-02T03:04:05.678Z">2030-01-02 03:04 UTC</time>');
  });

  it.each([
    ['REJECTED', ['PLACED', 'REJECTED'], ['Placed', 'Not completed']],
    ['REJECTED', ['PLACED', 'PAID', 'REFUNDING', 'REJECTED'], ['Placed', 'Paid', 'Refunded', 'Not completed']],
    ['REFUNDING', ['PLACED', 'PAID', 'REFUNDING'], ['Placed', 'Paid', 'Refund in progress', 'Closed']],
    ['REFUNDING', ['PLACED', 'REFUNDING'], ['Placed', 'Refund in progress', 'Closed']],
  ] as const)('shows the steps of an order that is %s after %j', (state, passed, labels) => {
    const html = renderDocument(<OrderPageView layout={layout} page={{ ...order, state, passed }} />);
    expect([...html.matchAll(/class="step-\w+"[^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual(labels);
  });

  it('shows no further steps for a rejected order', () => {
    const html = renderDocument(
      <OrderPageView layout={layout} page={{ ...order, state: 'REJECTED', moving: false }} />,
    );
    expect(html).toMatch(/class="step-failed" aria-current="step">Not completed</);
    expect(html).not.toMatch(/Confirmed|updates itself/);
  });
});

it('keeps the home page with nine products under 12 kB', () => {
  const products = Array.from({ length: 9 }, (_, index) => ({ ...shakers, id: `PRODUCT${index}` }));
  expect(renderDocument(<HomePageView layout={layout} page={{ products, ad }} />).length).toBeLessThan(12_000);
});
