import { crashRun } from './crash-run.ts';

describe('a shop whose processes are killed while orders are placed', () => {
  it('loses no order, charges none twice, and keeps no money for goods that it did not ship', async () => {
    const { verdict, kills } = await crashRun({ orders: 40, kills: 12, seed: 1 });
    expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    expect(verdict).toMatchObject({
      lost: 0,
      chargedTwice: 0,
      chargedAndNotShipped: 0,
      shippedAndUnpaid: 0,
      unfinished: 0,
    });
  });
});
