import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcess, startedProcess } from './end-process.ts';
import { takeLines } from './output-lines.ts';

function startNode(code: string) {
  const lines: string[] = [];
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  takeLines(child.stdout, (line) => lines.push(line));
  return { started: startedProcess(child), lines };
}

const SAYS_READY = `console.log('ready');`;
const STAYS = `${SAYS_READY} setInterval(() => {}, 1000);`;

describe('the end of a process', () => {
  it('is awaited until all its output has been read, including output after its exit', async () => {
    // The child of this process holds the output open for a moment.
    const late = `require('node:child_process').spawn('sh', ['-c', 'sleep 0.2; echo late'], { stdio: 'inherit' });`;
    const { started, lines } = startNode(`${late} process.once('SIGTERM', () => process.exit(0)); ${STAYS}`);
    await once(started.child.stdout ?? started.child, 'data');
    await endProcess(started, 10_000);
    expect(started.child.exitCode).toBe(0);
    expect(lines).toEqual(['ready\n', 'late\n']);
  });

  it('is forced by SIGKILL when the process ignores SIGTERM', async () => {
    const { started } = startNode(`process.on('SIGTERM', () => {}); ${STAYS}`);
    await once(started.child.stdout ?? started.child, 'data');
    await endProcess(started, 100);
    expect(started.child.signalCode).toBe('SIGKILL');
  });

  it('needs no signal when the process has already exited', async () => {
    const { started, lines } = startNode(SAYS_READY);
    await once(started.child, 'close');
    await endProcess(started, 10_000);
    expect(lines).toEqual(['ready\n']);
  });
});
