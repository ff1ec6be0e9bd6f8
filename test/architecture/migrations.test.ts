import { orderMigrations } from '../../src/checkoutservice/store/order-schema.postgres.ts';
import { sentMailMigrations } from '../../src/emailservice/sent-mail-store.postgres.ts';
import { chargeMigrations } from '../../src/paymentservice/charge-store.postgres.ts';
import { shipmentMigrations } from '../../src/shippingservice/shipment-store.postgres.ts';

// What a statement of the previous version of the code may fail on.
const CHANGES =
  /\b(DROP|RENAME|TRUNCATE|DELETE|ALTER COLUMN|SET NOT NULL|ADD (CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN))\b/i;
const ADDED_COLUMN = /ADD COLUMN[^,;]*/gi;

describe('the migrations of', () => {
  it.each([
    ['checkoutservice', orderMigrations],
    ['emailservice', sentMailMigrations],
    ['paymentservice', chargeMigrations],
    ['shippingservice', shipmentMigrations],
  ])(
    '%s are numbered without gaps, and add what the previous version of the code can ignore',
    (_service, migrations) => {
      const names = Object.keys(migrations);
      expect(names.map((name) => name.slice(0, 5))).toEqual(names.map((_, n) => `${String(n + 1).padStart(4, '0')}-`));
      for (const [name, sql] of Object.entries(migrations)) {
        expect({ name, changes: CHANGES.exec(sql)?.[0] }).toEqual({ name, changes: undefined });
        const required = (sql.match(ADDED_COLUMN) ?? []).filter(
          (column) => /NOT NULL/i.test(column) && !/DEFAULT/i.test(column),
        );
        expect({ name, required }).toEqual({ name, required: [] });
      }
    },
  );
});
