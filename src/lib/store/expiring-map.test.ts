import { expiringMap } from './expiring-map.ts';

describe('a map that forgets', () => {
  let nowMs = 0;
  const newMap = () => expiringMap<number>({ now: () => nowMs, ttlMs: 1000, maxEntries: 3 });

  beforeEach(() => {
    nowMs = 0;
  });

  it('keeps a value until its time is over, and no longer', () => {
    const map = newMap();
    map.set('a', 1);
    nowMs = 999;
    expect(map.get('a')).toBe(1);
    nowMs = 1000;
    expect(map.get('a')).toBeUndefined();
  });

  it('does not prolong a value by reading it', () => {
    const map = newMap();
    map.set('a', 1);
    nowMs = 600;
    map.get('a');
    nowMs = 1000;
    expect(map.get('a')).toBeUndefined();
  });

  it('prolongs a value by setting it again, and forgets the others in their time', () => {
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

  it('holds only so many, and lets go of the one that was set longest ago', () => {
    const map = newMap();
    for (const key of ['a', 'b', 'c', 'a', 'd']) map.set(key, 1);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([1, undefined, 1, 1]);
  });

  it('lets no value live longer when the clock is set back', () => {
    const map = newMap();
    nowMs = 5000;
    map.set('a', 1);
    nowMs = 0;
    map.set('b', 2);
    nowMs = 1000;
    expect(map.get('b')).toBeUndefined();
  });

  it('forgets a value that is deleted', () => {
    const map = newMap();
    map.set('a', 1);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
  });
});
