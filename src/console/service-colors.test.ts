import { serviceNames } from '../topology.ts';
import { serviceColors } from './service-colors.ts';

describe('the colours of the services', () => {
  it('differ, for every service of the topology', () => {
    const colors = serviceNames.map(
      (name) => new RegExp(`\\.s-${name} \\{ --service: (#[0-9a-f]{6}); \\}`).exec(serviceColors())?.[1],
    );
    expect(colors).not.toContain(undefined);
    expect(new Set(colors).size).toBe(serviceNames.length);
  });
});
