import { existsSync, readdirSync } from 'node:fs';
import { projectPath } from '../lib/runtime/project-root.ts';
import { pictureOf } from './pictures.ts';

const CATALOGUE = [
  'OLJCESPC7Z',
  '66VCHSJNUP',
  '1YMWWN1N4O',
  'L9ECAV7KIM',
  '2ZYFJ3GM2N',
  '0PUK6V6EV0',
  'LS4PSXUNUM',
  '9SIQT8TOJO',
  '6E92ZMYYFZ',
];
const file = (path: string) => projectPath('src', 'frontend', ...path.split('/'));

describe('the picture of a product', () => {
  it('has a different drawing for each product of the catalogue', () => {
    const pictures = CATALOGUE.map(pictureOf);
    expect(new Set(pictures).size).toBe(CATALOGUE.length);
    expect(pictures.filter((path) => !existsSync(file(path)))).toEqual([]);
  });

  it.each(['NOVELTY001', '', '__proto__', 'constructor', '../../config'])('is a parcel for %j', (id) => {
    expect(pictureOf(id)).toBe('/static/products/parcel.svg');
    expect(existsSync(file(pictureOf(id)))).toBe(true);
  });

  it('is used: every drawing belongs to a product', () => {
    const drawn = readdirSync(file('/static/products')).map((name) => `/static/products/${name}`);
    expect(drawn.sort()).toEqual([...CATALOGUE.map(pictureOf), pictureOf('')].sort());
  });
});
