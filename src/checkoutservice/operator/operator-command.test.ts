import { readOperatorCommand } from './operator-command.ts';

describe('the arguments of the orders tool', () => {
  const read = (...args: string[]) => readOperatorCommand(args, 'olga');

  it.each([
    [['list'], { kind: 'list' }],
    [['dead-letters'], { kind: 'dead-letters' }],
    [['store-events'], { kind: 'store-events' }],
    [['rebuild', '--why', 'lag'], { kind: 'rebuild', by: 'olga', why: 'lag' }],
    [['show', 'o1'], { kind: 'show', id: 'o1' }],
    [['retry', 'o1', '--why', 'payment is back'], { kind: 'retry', id: 'o1', by: 'olga', why: 'payment is back' }],
    [['--by', 'paul', 'refund', 'o1', '--why=asked'], { kind: 'refund', id: 'o1', by: 'paul', why: 'asked' }],
    [['erase', 'u1', '--why', 'asked'], { kind: 'erase', id: 'u1', by: 'olga', why: 'asked' }],
  ])('%j are a command', (args, command) => {
    expect(read(...args)).toEqual(command);
  });

  it.each<[string[], RegExp]>([
    [[], /no command/],
    [['destroy'], /unknown command destroy/],
    [['list', 'o1'], /takes no id/],
    [['show'], /needs an id/],
    [['refund', 'o1'], /--why/],
    [['rebuild'], /--why/],
    [['rebuild', 'o1', '--why', 'x'], /takes no id/],
    [['refund', 'o1', '--why', ' '], /--why/],
    [['refund', 'o1', '--why'], /--why/],
    [['refund', 'o1', '--because', 'x'], /--because/],
    [['refund', 'o1', 'o2', '--why', 'x'], /too many words: o2/],
    [['refund', 'o1', '--why', 'x', '--by', ''], /--by/],
    [['refund', 'o1', '--why', 'x'.repeat(501)], /500/],
  ])('%j are refused with a reason', (args, reason) => {
    expect(read(...args)).toMatch(reason);
  });
});
