import { logLine, logOnly } from '../lib/log/log-line.ts';
import { openLogs } from './log-lines.ts';

const fields = { n: logOnly<number>() };
const completed = logLine({ message: 'rpc completed', level: 'info', when: 'An RPC returned.', fields });
const unavailable = logLine({ message: 'redis unavailable', level: 'warn', when: 'Redis is down.', fields });

function logsAt(level: 'debug' | 'info' | 'warn' | 'silent', withConsole: boolean) {
  const added: Readonly<Record<string, unknown>>[] = [];
  const written: string[] = [];
  const output = { write: (line: string) => written.push(line) };
  const logs = openLogs(level, withConsole ? (line) => added.push(line) : undefined, output);
  return { logs, added, written };
}

describe('the logs of the shop in the launcher', () => {
  it('send all lines to the console, and those of the configured level to the terminal', () => {
    const { logs, added, written } = logsAt('warn', true);
    const log = logs.loggerOf('cartservice', '1.2.3');
    log.write(completed, { n: 1 });
    log.write(unavailable, { n: 2 });
    expect(added.map(({ msg, service, version }) => [msg, service, version])).toEqual([
      ['rpc completed', 'cartservice', '1.2.3'],
      ['redis unavailable', 'cartservice', '1.2.3'],
    ]);
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ n: 2, level: 'warn' }),
    ]);
    expect(written[0]?.endsWith('\n')).toBe(true);
  });

  it.each([
    ['debug', true, 'debug'],
    ['info', true, 'info'],
    ['warn', true, 'info'],
    ['silent', true, 'info'],
    ['warn', false, 'warn'],
    ['silent', false, 'silent'],
  ] as const)(
    'at LOG_LEVEL=%s, with a console: %s, are written by the services at level %s',
    (asked, withConsole, written) => {
      expect(logsAt(asked, withConsole).logs.level).toBe(written);
    },
  );

  it('include output of a process that is not a log line', () => {
    const { logs, added, written } = logsAt('silent', true);
    for (const line of ['Segmentation fault\n', '{"not":"a line"}\n', '[1]\n', '{"level":"error","msg":"x"}\n'])
      logs.take(line);
    expect(written).toEqual(['Segmentation fault\n', '{"not":"a line"}\n', '[1]\n']);
    expect(added).toEqual([{ level: 'error', msg: 'x' }]);
  });
});
