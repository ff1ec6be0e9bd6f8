import { createLogger, type LogLevel } from './logger.ts';
import { SECRET_FIELDS } from './redact.ts';

function capture(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLogger(
    { service: 'testservice', version: '1.2.3' },
    { level, destination: { write: (line) => void lines.push(line) } },
  );
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('the logger', () => {
  it('writes one JSON object a line, with service, version, level in words and the time', () => {
    const { log, lines, last } = capture();
    log.info({ orderId: 'o-1' }, 'order placed');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'testservice',
      version: '1.2.3',
      orderId: 'o-1',
      msg: 'order placed',
    });
  });

  it('is silent below its level', () => {
    const warn = capture('warn');
    warn.log.info({}, 'not this');
    warn.log.warn({}, 'but this');
    expect(warn.lines).toHaveLength(1);
    const silent = capture('silent');
    silent.log.fatal({}, 'nor this');
    expect(silent.lines).toEqual([]);
  });

  it('writes an error with its stack and its cause', () => {
    const { log, last } = capture();
    log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(last().err).toMatchObject({ type: 'Error', message: expect.stringContaining('outer') });
    expect(JSON.stringify(last())).toContain('inner');
    expect(JSON.stringify(last())).toContain('logger.test');
  });

  it.each([...SECRET_FIELDS])('redacts %s at three depths, and in an error', (key) => {
    const { log, lines, last } = capture();
    const secret = { [key]: 's3cret' };
    log.info({ ...secret, a: secret, b: { c: secret } }, 'three depths');
    const redacted = { [key]: '[redacted]' };
    expect(last()).toMatchObject({ ...redacted, a: redacted, b: { c: redacted } });
    log.error(
      { err: Object.assign(new Error('failed', { cause: Object.assign(new Error(), secret) }), secret) },
      'an error',
    );
    expect(last().err).toMatchObject({ type: 'Error', ...redacted });
    expect(lines.join('')).not.toContain('s3cret');
  });
});
