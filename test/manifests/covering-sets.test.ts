import { coveringSets, triplesOf } from './covering-sets.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];

describe('coveringSets', () => {
  it('covers every three names in all eight ways of being present or absent', () => {
    const sets = coveringSets(names);
    const missing = triplesOf(names).filter(
      (triple) => !sets.some((set) => triple.every(([name, isPresent]) => set.includes(name) === isPresent)),
    );
    expect(missing).toEqual([]);
    expect(triplesOf(names)).toHaveLength(165 * 8);
  });

  it('needs fewer sets than the names have pairs', () => {
    expect(coveringSets(names).length).toBeLessThan(30);
  });

  it('keeps the order of the names', () => {
    for (const set of coveringSets(names)) expect(set).toEqual([...set].sort());
  });
});
