import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { eraseShopper } from './erase-shopper.ts';
import { launchOpen } from './launched-shop.ts';
import { checkoutForm, MUG, webShopper } from './web-shopper.ts';

const PERSONAL = {
  email: 'unrepeated.shopper@example.com',
  street_address: '17 Unrepeated Lane',
  city: 'Unrepeatedville',
};

describe('erasing a shopper while the shop runs', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());

  const filesBelow = (path: string): string[] =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`);
  const leaks = (path: string): string[] =>
    filesBelow(path).flatMap((file) => {
      const data = readFileSync(file);
      return Object.values(PERSONAL)
        .filter((text) => data.includes(text))
        .map((text) => `${text} in ${file}`);
    });

  it('removes the addresses from the data and the mails, keeps the order, and says so on its page', async () => {
    await using shop = await launchOpen({ DATA_DIR: folder.path });
    const shopper = webShopper(shop.url());
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const { location } = await shopper.post('/cart/checkout', checkoutForm(PERSONAL));
    await eventually('the mail is written', () =>
      readdirSync(shop.mailDirectory).some((name) => name.endsWith('.eml')),
    );
    expect((await shopper.get(location)).body).toContain(PERSONAL.street_address);
    expect(leaks(shop.mailDirectory)).not.toEqual([]);

    expect(await eraseShopper(shopper.userId(), folder.path)).toContain('erased the addresses of 1 orders');

    await eventually('the mail is deleted', () =>
      readdirSync(shop.mailDirectory).every((name) => !name.endsWith('.eml')),
    );
    const page = await shopper.get(location);
    expect(page.body).toContain('Erased at the request of the shopper');
    expect(page.body).toContain('Your addresses were erased');
    expect(page.body).not.toContain(PERSONAL.street_address);
    expect((await shopper.get('/orders')).body).toContain('$17.98');
    expect([...leaks(folder.path), ...leaks(shop.mailDirectory)]).toEqual([]);
  });
});
