import * as fc from 'fast-check';
import { arbitraryRequests } from './arbitrary-requests.ts';
import { FUZZED_CARDS } from './arbitrary-values.ts';
import { expectHealthyShop } from './healthy-shop.ts';
import { exchange } from './http-exchange.ts';
import { CARD_NUMBER, expectUnchanged, type Shopper, shopperWithOrder } from './shopper-state.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const CASES = 1000;

// Outcomes that show that forms were accepted and rejected for their content.
const DEEP = [
  'POST /cart 303',
  'POST /cart 404',
  'POST /cart/empty 303',
  'POST /cart/checkout 303',
  'POST /cart/checkout 422',
  'POST /setCurrency 303',
  '200',
  '302',
  '303',
  '400',
  '404',
  '405',
  '422',
];

// Every possible status of an arbitrary request while the shop is healthy: neither 500 nor 503.
const isFine = (status: number): boolean => status >= 200 && status <= 499;

describe('an arbitrary request to the storefront', () => {
  let shop: TestShop;
  let bystander: Shopper;

  beforeAll(async () => {
    shop = await startTestShop();
    bystander = await shopperWithOrder(shop, '3f2504e0-4f89-41d3-9a0c-0305e82c3301');
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it(`never causes a server error or an effect on another shopper: ${CASES} requests`, async () => {
    const seen = new Set<string>();
    let cases = 0;
    const property = fc.asyncProperty(arbitraryRequests, async (request) => {
      cases += 1;
      const { status, body } = await exchange(shop.url, request);
      seen.add(`${request.method} ${request.target} ${status}`).add(String(status));
      expect({ status, isFine: isFine(status) }).toEqual({ status, isFine: true });
      expect(body).not.toMatch(/<script|<b>|node_modules|\.tsx?:\d|\n {4}at /);
      expect(FUZZED_CARDS.filter((number) => number !== CARD_NUMBER && body.includes(number))).toEqual([]);
    });
    await expectUnchanged([bystander], async () => await fc.assert(property, { numRuns: CASES }));
    expect(cases).toBeGreaterThanOrEqual(CASES);
    // Requests that are all rejected early would prove nothing.
    expect(DEEP.filter((outcome) => !seen.has(outcome))).toEqual([]);
    await expectHealthyShop(shop);
  });
});
