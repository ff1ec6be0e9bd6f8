import { logLine, logOnly } from './log-line.ts';
import { createLogger, type Logger, type LogLevel } from './logger.ts';
import { SECRET_FIELDS } from './redact.ts';

function capture(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLogger(
    { service: 'testservice', version: '1.2.3' },
    { level, destination: { write: (line) => void lines.push(line) } },
  );
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

/** Writes a line that declares exactly the fields of `values`. */
function write(log: Logger, level: 'info' | 'warn' | 'error' | 'fatal', values: object, message: string): void {
  const fields = Object.fromEntries(Object.keys(values).map((name) => [name, logOnly<unknown>()]));
  log.write(logLine({ message, level, when: 'In this test.', fields }), values as Record<string, unknown>);
}

const UNREADABLE_CODE: PropertyDescriptorMap = {
  code: {
    enumerable: true,
    get: () => {
      throw new Error('not readable');
    },
  },
};

function unreadable(): object {
  return Object.defineProperties({}, UNREADABLE_CODE);
}

function unwritable(): object {
  return {
    toJSON: () => {
      throw new Error('not writable');
    },
  };
}

describe('the logger', () => {
  it('writes one JSON object per line with service, version, level name and time', () => {
    const { log, lines, last } = capture();
    write(log, 'info', { orderId: 'o-1' }, 'order placed');
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

  it('writes nothing below its level', () => {
    const warn = capture('warn');
    write(warn.log, 'info', {}, 'not this');
    write(warn.log, 'warn', {}, 'but this');
    expect(warn.lines).toHaveLength(1);
    const silent = capture('silent');
    write(silent.log, 'fatal', {}, 'nor this');
    expect(silent.lines).toEqual([]);
  });

  it('writes an error with its stack and its cause', () => {
    const { log, last } = capture();
    write(log, 'error', { err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(last().err).toMatchObject({ type: 'Error', message: expect.stringContaining('outer') });
    expect(JSON.stringify(last())).toContain('inner');
    expect(JSON.stringify(last())).toContain('logger.test');
  });

  it.each([...SECRET_FIELDS])('redacts %s at three depths and in an error', (key) => {
    const { log, lines, last } = capture();
    const secret = { [key]: 's3cret' };
    write(log, 'info', { ...secret, a: secret, b: { c: secret } }, 'three depths');
    const redacted = { [key]: '[redacted]' };
    expect(last()).toMatchObject({ ...redacted, a: redacted, b: { c: redacted } });
    write(
      log,
      'error',
      { err: Object.assign(new Error('failed', { cause: Object.assign(new Error(), secret) }), secret) },
      'an error',
    );
    expect(last().err).toMatchObject({ type: 'Error', ...redacted });
    expect(lines.join('')).not.toContain('s3cret');
  });

  it.each<[string, unknown, unknown]>([
    ['null', null, null],
    ['undefined', undefined, undefined],
    ['a text', 'out of stock', 'out of stock'],
    ['a number', 7, 7],
    ['an object without a message', { code: 7 }, { code: 7 }],
    ['an object whose getter throws', unreadable(), '[unreadable]'],
    ['an object whose toJSON throws', unwritable(), '[unreadable]'],
    ['an error whose getter throws', Object.defineProperties(new Error('x'), UNREADABLE_CODE), '[unreadable]'],
  ])('writes any thrown value without throwing itself: %s', (_what, thrown, written) => {
    const { log, lines, last } = capture();
    write(log, 'error', { err: thrown, orderId: 'o-1' }, 'failed');
    expect(last()).toMatchObject({ msg: 'failed', orderId: 'o-1' });
    expect(last().err).toEqual(written);
    write(log, 'error', { orderId: 'o-1', cause: thrown }, 'failed deeper');
    expect(last()).toMatchObject({ msg: 'failed deeper', orderId: 'o-1' });
    expect(lines).toHaveLength(2);
  });

  it('writes a line without its fields when they cannot be read', () => {
    const { log, lines, last } = capture();
    write(log, 'error', unreadable(), 'failed');
    expect(last()).toMatchObject({ level: 'error', msg: 'failed', service: 'testservice', data: '[unreadable]' });
    expect(lines).toHaveLength(1);
  });

  it('writes bigint, NaN and circular values', () => {
    const { log, last } = capture();
    const circle: Record<string, unknown> = { amount: 12n };
    circle.self = circle;
    write(log, 'info', { circle, nanos: 5n, ratio: Number.NaN }, 'odd');
    expect(last()).toMatchObject({ msg: 'odd', nanos: 5, ratio: null });
  });
});
