/** A parsed mail: headers by lower-case name, and the two decoded bodies. */
export type ReadMail = {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
};

/**
 * Parses a mail of two alternative parts.
 *
 * @throws {Error} when the mail has another structure
 */
export function readMail(raw: string): ReadMail {
  const whole = readPart(raw);
  const [, boundary] = /^multipart\/alternative;\s*boundary="([^"]+)"$/.exec(whole.headers['content-type'] ?? '') ?? [];
  if (boundary === undefined) throw new Error(`not multipart/alternative: ${whole.headers['content-type']}`);
  const pieces = whole.body.split(`--${boundary}`);
  if (pieces.length !== 4 || pieces[3]?.trim() !== '--') throw new Error('not two parts');
  // The line breaks around a part belong to its boundary.
  const parts = pieces.slice(1, 3).map((piece) => readPart(piece.replaceAll(/^\r\n|\r\n$/g, '')));
  const bodyOf = (type: string): string => {
    const part = parts.find(({ headers }) => headers['content-type'] === `${type}; charset=utf-8`);
    if (part === undefined) throw new Error(`no ${type}`);
    return decode(part.body, part.headers['content-transfer-encoding'] ?? '7bit');
  };
  return { headers: whole.headers, text: bodyOf('text/plain'), html: bodyOf('text/html') };
}

function readPart(raw: string): { headers: Record<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const unfolded = raw.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' ');
  const headers = unfolded.split('\r\n').map((line) => {
    const [, name, value] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a header: ${line}`);
    return [name.toLowerCase(), decodeWords(value)];
  });
  return { headers: Object.fromEntries(headers), body: raw.slice(end + 4) };
}

// Source: RFC 2047.
function decodeWords(value: string): string {
  const joined = value.replaceAll(/\?= +=\?/g, '?==?');
  return joined.replaceAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_word, encoding: string, text: string) =>
    encoding.toUpperCase() === 'B' ? decode(text, 'base64') : decode(text.replaceAll('_', ' '), 'quoted-printable'),
  );
}

function decode(body: string, encoding: string): string {
  if (encoding === '7bit') return body;
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') throw new Error(`unknown encoding: ${encoding}`);
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
