import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { launchOpen } from './launched-shop.ts';
import { checkoutForm, MUG, webShopper } from './web-shopper.ts';

describe('a shop that is killed and started again', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());

  it('keeps carts and orders, until `make reset` deletes them', async () => {
    const env = { DATA_DIR: folder.path };
    await using first = await launchOpen(env);
    const shopper = webShopper(first.url());
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const { status, location } = await shopper.post('/cart/checkout', checkoutForm());
    expect(status).toBe(303);
    await shopper.post('/cart', { product_id: MUG, quantity: '3' });
    first.process.kill('SIGKILL');
    expect(await first.exited).toBe('SIGKILL');

    await using second = await launchOpen(env);
    const returned = webShopper(second.url(), shopper.cookies());
    const order = await returned.get(location);
    expect(order).toMatchObject({ status: 200 });
    expect(order.body).toContain('Mug');
    expect((await returned.get('/cart')).body).toContain(`<td class="number">3</td>`);
    second.process.kill('SIGINT');
    expect(await second.exited).toBe(0);

    const reset = (): string =>
      execFileSync(process.execPath, [projectPath('scripts', 'reset.js')], { env, encoding: 'utf8' });
    const services = readdirSync(folder.path).sort();
    expect(services).toEqual(['cartservice', 'checkoutservice', 'emailservice', 'paymentservice', 'shippingservice']);
    expect(reset().split('\n').slice(0, -1).sort()).toEqual(
      services.map((name) => expect.stringMatching(new RegExp(`^deleted the data of ${name}: \\d+ kB$`))),
    );
    expect(reset()).toBe(`nothing to delete: ${folder.path} has no data of the shop\n`);
    await using third = await launchOpen(env);
    expect((await webShopper(third.url(), shopper.cookies()).get(location)).status).toBe(404);
  });
});
