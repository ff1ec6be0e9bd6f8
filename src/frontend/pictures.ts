// Our own drawings, by the ids of the catalogue: an order knows no picture, and another catalogue names files we do not have.
const DRAWN: Readonly<Record<string, string>> = {
  OLJCESPC7Z: 'sunglasses',
  '66VCHSJNUP': 'tank-top',
  '1YMWWN1N4O': 'watch',
  L9ECAV7KIM: 'loafers',
  '2ZYFJ3GM2N': 'hairdryer',
  '0PUK6V6EV0': 'candle-holder',
  LS4PSXUNUM: 'salt-and-pepper-shakers',
  '9SIQT8TOJO': 'bamboo-glass-jar',
  '6E92ZMYYFZ': 'mug',
};

/** Path of a product's picture below the base path; a parcel for a product nobody has drawn. */
export function pictureOf(productId: string): string {
  const drawn = Object.hasOwn(DRAWN, productId) ? DRAWN[productId] : undefined;
  return `/static/products/${drawn ?? 'parcel'}.svg`;
}
