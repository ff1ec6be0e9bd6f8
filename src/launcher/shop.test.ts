import { allStarted } from './shop.ts';

describe('services that start concurrently', () => {
  it('are returned in the order in which they were passed', async () => {
    expect(await allStarted([Promise.resolve('ads'), Promise.resolve('cart')])).toEqual(['ads', 'cart']);
  });

  it('reject only after every one of them has started or failed', async () => {
    let startCart: (name: string) => void = () => {};
    const cart = new Promise<string>((resolve) => {
      startCart = resolve;
    });
    let isOver = false;
    const started = allStarted([Promise.reject(new Error('port taken')), cart]).finally(() => {
      isOver = true;
    });
    const failure = expect(started).rejects.toThrow('port taken');
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    startCart('cart');
    await failure;
  });
});
