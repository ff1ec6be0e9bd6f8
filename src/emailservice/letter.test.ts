import { cancellationLetter, confirmationLetter } from './letter.ts';
import { renderHtml } from './letter-html.tsx';
import { renderText } from './letter-text.ts';
import type { MailedOrder } from './order.ts';

const eur = (cents: bigint) => ({ currency: 'EUR', nanos: cents * 10_000_000n });
const jpy = (yen: bigint) => ({ currency: 'JPY', nanos: yen * 1_000_000_000n });

const order: MailedOrder = {
  orderId: 'order-1',
  trackingId: 'MT-7Q4K9W2ZC8PD',
  lines: [
    { name: 'Salt & Pepper Shakers', quantity: 1, unitPrice: eur(1636n) },
    { name: 'Mug', quantity: 3, unitPrice: eur(795n) },
  ],
  shippingCost: eur(795n),
  // 16.36 + 3 x 7.95 + 7.95
  total: eur(4816n),
  addressLines: ['Via dei Giubbonari 27', 'Roma, RM 00186', 'Italy'],
};

/** The words of a text or of an HTML document, in order. */
const words = (content: string): string =>
  content
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('×', 'x')
    .replaceAll(/\s+/g, ' ');

describe('the confirmation of an order', () => {
  const letter = confirmationLetter(order);

  it('has the order id in its subject', () => {
    expect(letter.subject).toBe('Your Mercato order order-1');
  });

  it.each([
    ['plain text', words(renderText(letter))],
    ['HTML', words(renderHtml(letter))],
  ])('contains in %s the items, the amounts, the address and the tracking number', (_part, content) => {
    for (const fact of [
      'Salt & Pepper Shakers 1 x €16.36 €16.36',
      'Mug 3 x €7.95 €23.85',
      'Shipping €7.95',
      'Total €48.16',
      'Order number order-1',
      'Tracking number MT-7Q4K9W2ZC8PD',
      'On its way to Via dei Giubbonari 27 Roma, RM 00186 Italy',
    ]) {
      expect(content).toContain(fact);
    }
  });

  it('has plain text of at most 64 columns, with aligned amounts', () => {
    const lines = renderText(letter).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(64);
    const amounts = lines.filter((line) => /€\d+\.\d\d$/.test(line));
    expect(amounts).toHaveLength(4);
    expect(new Set(amounts.map((line) => line.length))).toEqual(new Set([64]));
  });

  it('omits unknown details', () => {
    const bare = confirmationLetter({ ...order, trackingId: '', addressLines: [] });
    for (const content of [renderText(bare), renderHtml(bare)]) {
      expect(content).not.toMatch(/Tracking|on its way/i);
      expect(content).toContain('order-1');
    }
  });

  it('writes yen without decimals', () => {
    const inYen = confirmationLetter({
      ...order,
      lines: [{ name: 'Mug', quantity: 3, unitPrice: jpy(1005n) }],
      shippingCost: jpy(1005n),
      total: jpy(4020n),
    });
    expect(inYen.lines).toEqual([{ name: 'Mug', quantity: 3, unitPrice: '¥1,005', total: '¥3,015' }]);
    expect(inYen.total).toBe('¥4,020');
    expect(renderText(inYen)).not.toMatch(/¥[\d,]+\.\d/);
  });

  it('adds exact amounts before rounding, like the charge', () => {
    const fine = { currency: 'EUR', nanos: 17_682_441_398n };
    const letterInEuro = confirmationLetter({
      ...order,
      lines: [{ name: 'Sunglasses', quantity: 3, unitPrice: fine }],
      shippingCost: eur(0n),
      total: { ...fine, nanos: 3n * fine.nanos },
    });
    expect(letterInEuro.lines[0]).toMatchObject({ unitPrice: '€17.68', total: '€53.05' });
    expect(letterInEuro.total).toBe('€53.05');
  });

  it('renders an order without lines', () => {
    const empty = confirmationLetter({ ...order, lines: [], total: order.shippingCost });
    expect(empty.total).toBe('€7.95');
    expect(renderText(empty)).toContain('Total');
  });
});

describe('the HTML of a mail', () => {
  const attack = '<script>alert(1)</script><img src=x onerror="alert(2)"> & \'co\'';
  const html = renderHtml(
    confirmationLetter({
      orderId: attack,
      trackingId: attack,
      lines: [{ name: attack, quantity: 1, unitPrice: eur(1n) }],
      shippingCost: eur(0n),
      total: eur(1n),
      addressLines: [attack],
    }),
  );

  it('escapes text that a shopper typed', () => {
    expect(html).not.toMatch(/<script|<img/i);
    expect(html.match(/&lt;script>alert\(1\)&lt;\/script>/g)).toHaveLength(5);
  });

  it('contains no links and no external resources', () => {
    expect(html).not.toMatch(/https?:|url\(|@import|<(?:a|img|link|iframe|form)\b/i);
  });

  it('has colours for dark mode', () => {
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(/<style>(.*)<\/style>/s.exec(html)?.[1]).toMatch(/^[^<&]+$/);
  });
});

describe('the cancellation of an order', () => {
  it('states the refunded amount', () => {
    const letter = cancellationLetter(order, eur(4816n));
    expect(letter.subject).toBe('Your Mercato order order-1 was cancelled: €48.16 refunded');
    for (const content of [words(renderText(letter)), words(renderHtml(letter))]) {
      expect(content).toContain('€48.16 goes back to you');
      expect(content).not.toMatch(/nothing was charged|on its way/i);
    }
  });

  it.each([
    ['no refund', undefined],
    ['a refund of zero', eur(0n)],
  ])('states that nothing was charged when there was %s', (_what, refunded) => {
    const letter = cancellationLetter(order, refunded);
    expect(letter.subject).toBe('Your Mercato order order-1 was cancelled: nothing was charged');
    expect(renderText(letter)).toContain('Nothing was charged');
    expect(renderText(letter)).not.toMatch(/goes back|refunded/);
  });
});
