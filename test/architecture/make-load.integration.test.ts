import { execFileSync } from 'node:child_process';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

describe('make load', () => {
  const recipe = (...variables: string[]): string =>
    execFileSync('make', ['--dry-run', 'load', ...variables], {
      cwd: projectPath(),
      env: { PATH: environment().PATH },
    }).toString();

  // Bash counts the seconds since its start in SECONDS, so the recipe must not read the variable in the shell.
  it('runs for 60 s against the shop on this machine by default', () => {
    expect(recipe()).toContain('FRONTEND_ADDR=127.0.0.1:8080 SECONDS=60 ');
  });

  it('runs against the given address for the given time', () => {
    expect(recipe('PORT=9000', 'SECONDS=5')).toContain('FRONTEND_ADDR=127.0.0.1:9000 SECONDS=5 ');
    expect(recipe('FRONTEND_ADDR=shop:80')).toContain('FRONTEND_ADDR=shop:80 SECONDS=60 ');
  });
});
