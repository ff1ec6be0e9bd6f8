import { readLauncherConfig } from './config.ts';

describe('the database of the shop', () => {
  it('is refused when its URL is the same for all services', () => {
    expect(() => readLauncherConfig({ DATABASE_URL: 'postgres://shop:pa55word@db/shop' })).toThrow(
      /DATABASE_URL=postgres:\/\/\*\*\*@db\/shop: expected \{service\} in the URL, because each service has its own/,
    );
    expect(() => readLauncherConfig({ DATABASE_URL: 'postgres://{service}@db/{service}' })).not.toThrow();
  });
});
