import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { takeLines } from './output-lines.ts';

async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const output = new PassThrough();
  const lines: string[] = [];
  takeLines(output, (line) => lines.push(line));
  for (const chunk of chunks) output.write(chunk);
  output.end();
  await once(output, 'end');
  return lines;
}

describe('the output lines of a process', () => {
  it('end at \\n across chunk boundaries, and the last one also without \\n', async () => {
    expect(await linesOf('{"a":1}\n{"b', '":2}\n\nlast')).toEqual(['{"a":1}\n', '{"b":2}\n', '\n', 'last\n']);
    expect(await linesOf('one\n')).toEqual(['one\n']);
    const euro = Buffer.from('€\n');
    expect(await linesOf(euro.subarray(0, 1), euro.subarray(1))).toEqual(['€\n']);
  });

  it.each(['\u2028', '\u2029', '\u0085', '\r', '\v'])('do not end at %j', async (separator) => {
    const line = `{"msg":"a${separator}b"}\n`;
    expect(await linesOf(line)).toEqual([line]);
  });
});
