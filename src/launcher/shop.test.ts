import { allStarted } from './shop.ts';

describe('services that start together', () => {
  it('are answered in their order', async () => {
    expect(await allStarted([Promise.resolve('ads'), Promise.resolve('cart')])).toEqual(['ads', 'cart']);
  });

  it('fail only once none of them is still starting', async () => {
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
