import { drawFrom, type RandomBelow } from './mix.ts';

/** The fields of the checkout form, in the order they are sent. */
export type CheckoutForm = Readonly<
  Record<
    | 'email'
    | 'street_address'
    | 'zip_code'
    | 'city'
    | 'state'
    | 'country'
    | 'credit_card_number'
    | 'credit_card_expiration_month'
    | 'credit_card_expiration_year'
    | 'credit_card_cvv',
    string
  >
>;

// Test card numbers, never issued by a bank. No Mastercard of the 2 series: the original payment service refuses it.
const CARD_NUMBERS = [
  '4432801561520454',
  '4111111111111111',
  '4012888888881881',
  '4222222222222220',
  '5555555555554444',
  '5105105105105100',
  '5454545454545454',
  '5200828282828210',
];

const FIRST_NAMES = ['ada', 'alan', 'barbara', 'dennis', 'edsger', 'grace', 'ken', 'leslie', 'margaret', 'tony'];
const LAST_NAMES = ['allen', 'dijkstra', 'hamilton', 'hoare', 'hopper', 'lamport', 'liskov', 'lovelace', 'turing'];
const STREETS = ['Elm', 'Lake', 'Maple', 'Mill', 'Oak', 'Park', 'Pine', "St. John's", 'Walnut', 'Washington'];
const STREET_KINDS = ['Avenue', 'Boulevard', 'Court', 'Lane', 'Road', 'Street'];
const CITIES = ['Anchorage', 'Boise', 'Burlington', 'Cañon City', "Coeur d'Alene", 'Dayton', 'El Paso', 'Tulsa'];
const COUNTRIES = [
  'Argentina',
  'Bosnia and Herzegovina',
  "Côte d'Ivoire",
  'Curaçao',
  'Finland',
  'Japan',
  'Kenya',
  'New Zealand',
  'Palestinian Territory',
  'United States',
  'United States Minor Outlying Islands',
];
const STATES = (
  'AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY ' +
  'OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY'
).split(' ');

const MAX_CARD_YEARS = 71;

/**
 * A checkout form as a random shopper fills it in: cards good from next year to 71 years from now, CVV 100 to 999,
 * United States postal codes, any country. Source: the load script of Online Boutique.
 *
 * @param draw.year the calendar year it is
 */
export function checkoutForm(draw: { randomBelow: RandomBelow; year: number }): CheckoutForm {
  const { randomBelow } = draw;
  const from = (choices: readonly string[]): string => drawFrom(choices, randomBelow);
  const between = (min: number, max: number): string => String(min + randomBelow(max - min + 1));
  return {
    email: `${from(FIRST_NAMES)}.${from(LAST_NAMES)}${between(1, 9999)}@example.com`,
    street_address: `${between(1, 9999)} ${from(STREETS)} ${from(STREET_KINDS)}`,
    zip_code: between(501, 99_950).padStart(5, '0'),
    city: from(CITIES),
    state: from(STATES),
    country: from(COUNTRIES),
    credit_card_number: from(CARD_NUMBERS),
    credit_card_expiration_month: between(1, 12),
    credit_card_expiration_year: between(draw.year + 1, draw.year + MAX_CARD_YEARS),
    credit_card_cvv: between(100, 999),
  };
}
