import { readLauncherConfig } from './config.ts';

describe('the database of the shop', () => {
  it('is one per service: the launcher refuses a URL that is the same for every service', () => {
    expect(() => readLauncherConfig({ DATABASE_URL: 'postgres://shop:pa55word@db/shop' })).toThrow(
      /DATABASE_URL=postgres:\/\/\*\*\*@db\/shop: expected \{service\} in the URL, because each service has its own/,
    );
    expect(() => readLauncherConfig({ DATABASE_URL: 'postgres://{service}@db/{service}' })).not.toThrow();
  });
});
