// Own drawings by product id: an order has no picture, and the picture of another catalogue is not a file of this shop.
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

/** Path of a product's picture below the base path; a parcel for a product without a drawing. */
export function pictureOf(productId: string): string {
  const drawn = Object.hasOwn(DRAWN, productId) ? DRAWN[productId] : undefined;
  return `/static/products/${drawn ?? 'parcel'}.svg`;
}
