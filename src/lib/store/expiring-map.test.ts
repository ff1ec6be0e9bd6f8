import { expiringMap } from './expiring-map.ts';

describe('expiringMap', () => {
  let nowMs = 0;
  const newMap = () => expiringMap<number>({ now: () => nowMs, ttlMs: 1000, maxEntries: 3 });

  beforeEach(() => {
    nowMs = 0;
  });

  it('returns a value until its time to live has passed', () => {
    const map = newMap();
    map.set('a', 1);
    nowMs = 999;
    expect(map.get('a')).toBe(1);
    nowMs = 1000;
    expect(map.get('a')).toBeUndefined();
  });

  it('does not extend the life of a value that is read', () => {
    const map = newMap();
    map.set('a', 1);
    nowMs = 600;
    map.get('a');
    nowMs = 1000;
    expect(map.get('a')).toBeUndefined();
  });

  it('restarts the life of a value that is set again, and of no other value', () => {
    const map = newMap();
    map.set('a', 1);
    map.set('b', 2);
    nowMs = 600;
    map.set('a', 3);
    nowMs = 1000;
    expect(map.get('b')).toBeUndefined();
    expect(map.get('a')).toBe(3);
    nowMs = 1600;
    expect(map.get('a')).toBeUndefined();
  });

  it('evicts the value that was set longest ago when it is full', () => {
    const map = newMap();
    for (const key of ['a', 'b', 'c', 'a', 'd']) map.set(key, 1);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([1, undefined, 1, 1]);
  });

  it('does not extend the life of new values when the clock is set back', () => {
    const map = newMap();
    nowMs = 5000;
    map.set('a', 1);
    nowMs = 0;
    map.set('b', 2);
    nowMs = 1000;
    expect(map.get('b')).toBeUndefined();
  });

  it('returns nothing for a deleted value', () => {
    const map = newMap();
    map.set('a', 1);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
  });
});
