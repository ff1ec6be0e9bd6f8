import * as fc from 'fast-check';
import { arbitraryRequests } from './arbitrary-requests.ts';
import { FUZZED_CARDS } from './arbitrary-values.ts';
import { CARD_NUMBER, leavingAlone, type Shopper, shopperWithBelongings } from './bystander.ts';
import { exchange } from './http-exchange.ts';
import { expectSoundShop } from './sound-shop.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const CASES = 1500;

// Forms that did what they were sent for, and that the shop knew better than.
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

// What a request can be answered with, whatever it holds, while nothing is broken: no 500, and no 503 either.
const isFine = (status: number): boolean => status >= 200 && status <= 499;

describe('whatever is sent to the storefront', () => {
  let shop: TestShop;
  let bystander: Shopper;

  beforeAll(async () => {
    shop = await startTestShop();
    bystander = await shopperWithBelongings(shop, '3f2504e0-4f89-41d3-9a0c-0305e82c3301');
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it(`is answered in time, and never by a bug: ${CASES} requests`, async () => {
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
    await leavingAlone([bystander], async () => await fc.assert(property, { numRuns: CASES }));
    expect(cases).toBeGreaterThanOrEqual(CASES);
    // Requests that get nowhere would prove nothing.
    expect(DEEP.filter((outcome) => !seen.has(outcome))).toEqual([]);
    await expectSoundShop(shop);
  });
});
