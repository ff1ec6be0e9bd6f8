import type { Money } from '../domain/money.ts';
import { positiveRational } from '../domain/rational.ts';
import type { Product } from './catalogue.ts';

type Row = Omit<Product, 'picture' | 'priceUsd'> & {
  /** Dollars, as a decimal number. */
  readonly usd: string;
  /** Names the picture. */
  readonly slug: string;
};

// Source: Online Boutique's products.json for ids, names, prices and categories, which its load script relies on.
const ROWS: readonly Row[] = [
  {
    id: 'OLJCESPC7Z',
    name: 'Sunglasses',
    description: 'Tortoiseshell frames with green lenses, darker at the top. They come with a soft pouch.',
    usd: '19.99',
    slug: 'sunglasses',
    categories: ['accessories'],
  },
  {
    id: '66VCHSJNUP',
    name: 'Tank Top',
    description: 'A striped cotton top with a deep neck and green edges. It is cut loose: take your usual size.',
    usd: '18.99',
    slug: 'tank-top',
    categories: ['clothing', 'tops'],
  },
  {
    id: '1YMWWN1N4O',
    name: 'Watch',
    description: 'A round dial in a gold-coloured case, on a stitched leather strap. It bears rain, but not a swim.',
    usd: '109.99',
    slug: 'watch',
    categories: ['accessories'],
  },
  {
    id: 'L9ECAV7KIM',
    name: 'Loafers',
    description: 'Brown leather slip-ons with a low heel. They are stiff on the first day and soften within a week.',
    usd: '89.99',
    slug: 'loafers',
    categories: ['footwear'],
  },
  {
    id: '2ZYFJ3GM2N',
    name: 'Hairdryer',
    description: 'Two speeds and two levels of heat, each on a switch under the thumb. The cord is two metres long.',
    usd: '24.99',
    slug: 'hairdryer',
    categories: ['hair', 'beauty'],
  },
  {
    id: '0PUK6V6EV0',
    name: 'Candle Holder',
    description: 'Brass, with a wide dish for the drips and a ring to carry it by. The candle is not included.',
    usd: '18.99',
    slug: 'candle-holder',
    categories: ['decor', 'home'],
  },
  {
    id: 'LS4PSXUNUM',
    name: 'Salt & Pepper Shakers',
    description: 'A glazed pair, white for salt and dark green for pepper. Both are filled from below.',
    usd: '18.49',
    slug: 'salt-and-pepper-shakers',
    categories: ['kitchen'],
  },
  {
    id: '9SIQT8TOJO',
    name: 'Bamboo Glass Jar',
    description: 'A one-litre jar with a tight bamboo lid, for pasta, rice or coffee. Wash the lid by hand.',
    usd: '5.49',
    slug: 'bamboo-glass-jar',
    categories: ['kitchen'],
  },
  {
    id: '6E92ZMYYFZ',
    name: 'Mug',
    description: 'Speckled stoneware under a green glaze that runs differently on each one. It holds 350 ml.',
    usd: '8.99',
    slug: 'mug',
    categories: ['kitchen'],
  },
];

/** Reads the table of products. */
export function readProducts(): readonly Product[] {
  return ROWS.map(({ usd, slug, ...product }) => ({
    ...product,
    picture: `/static/products/${slug}.svg`,
    priceUsd: dollars(usd),
  }));
}

function dollars(decimal: string): Money {
  const { numerator, denominator } = positiveRational(decimal);
  return { currency: 'USD', nanos: (numerator * 1_000_000_000n) / denominator };
}
