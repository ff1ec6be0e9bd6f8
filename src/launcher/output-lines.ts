import type { Readable } from 'node:stream';
import type { TakeLine } from './log-lines.ts';

/**
 * Calls `takeLine` with each line of a stream, including its line end. Only \n ends a line: readline would also split at U+2028 and
 * U+2029, which may occur inside a logged text.
 */
export function takeLines(output: Readable, takeLine: TakeLine): void {
  let begun = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const lines = `${begun}${chunk}`.split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) takeLine(`${line}\n`);
  });
  output.on('end', () => {
    if (begun !== '') takeLine(`${begun}\n`);
  });
}
