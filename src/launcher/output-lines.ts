import type { Readable } from 'node:stream';
import type { TakeLine } from './log-lines.ts';

/**
 * Gives what a process writes line by line, each with its end. A line ends at \n alone: the other separators that Unicode
 * has can be in a text that is logged, which readline would break.
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
