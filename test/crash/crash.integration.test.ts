import { FAULTS, STEPS, VICTIMS } from './cells.ts';
import { crashRun } from './crash-run.ts';
import { failuresIn } from './verdict.ts';

const GROUPS = VICTIMS.length * STEPS.length + VICTIMS.length;

describe('a shop whose processes are killed and whose disks are full while orders are placed', () => {
  it('loses no order, charges none twice, and keeps no money for goods that it did not ship, in each cell', async () => {
    const report = await crashRun({ rounds: 1, isReduced: true, seed: 1 });
    const failed = report.cells.flatMap(({ cell, verdict }) =>
      failuresIn(verdict).map((failure) => ({ ...cell, failure })),
    );
    expect(failed).toEqual([]);
    expect(report.strangers).toBe(0);
    expect(report.cells).toHaveLength(GROUPS * FAULTS.length);
    expect([...report.disasters.values()].reduce((sum, count) => sum + count, 0)).toBe(GROUPS);
    expect(report.verdict.charges).toBeGreaterThan(0);
    expect(report.verdict.refunds).toBeGreaterThan(0);
    // The limit only ends a hang.
  }, 600_000);
});
