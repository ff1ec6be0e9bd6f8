import { connect } from 'node:net';

/** A response, complete or truncated. */
export type HttpResponse = {
  /** 0 when the connection closed without a response. */
  readonly status: number;
  /** By lower-case name; of several, the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A request that is sent byte for byte: nothing is normalised, encoded or checked. */
export type HttpRequest = {
  readonly method?: string;
  /** The target in the request line. */
  readonly target?: string;
  /** Lines `name: value`, in addition to Host, Connection and Content-Length. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
};

const FORM = 'Content-Type: application/x-www-form-urlencoded';
// Far longer than any response takes: it only ends a hang.
const HANG_LIMIT_MS = 60_000;

/** The body and the header of a form. */
export function formOf(fields: Readonly<Record<string, string>> | string): { headers: string[]; body: string } {
  return { headers: [FORM], body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString() };
}

/** The bytes of a request; it tells the server to close the connection afterwards. */
export function bytesOf(url: string, request: HttpRequest): Buffer {
  const { method = 'GET', target = '/', headers = [], body } = request;
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    'Connection: close',
    ...headers,
    ...length,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]);
}

/** Makes a request on a new connection. */
export async function exchange(url: string, request: HttpRequest): Promise<HttpResponse> {
  return await exchangeBytes(url, [bytesOf(url, request)]);
}

/**
 * Sends pieces one after the other and reads until the server closes the connection.
 *
 * @param options.beforeLast runs when every piece but the last has been sent
 * @param options.hangUp closes the connection once everything is sent, without waiting for a response
 * @throws {Error} when the server has not closed it after a minute
 */
export async function exchangeBytes(
  url: string,
  pieces: readonly Buffer[],
  options: { beforeLast?: () => Promise<void>; hangUp?: boolean } = {},
): Promise<HttpResponse> {
  const { hostname, port } = new URL(url);
  const received: Buffer[] = [];
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, HANG_LIMIT_MS);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  // A server may close the connection after its response and before it has read everything; the tests check the response only.
  socket.on('error', () => {});
  for (const [index, piece] of pieces.entries()) {
    if (index === pieces.length - 1) await options.beforeLast?.();
    // Write the next piece after the system has taken this one, so that each piece is a separate packet.
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  }
  if (options.hangUp === true) socket.destroySoon();
  await closed;
  clearTimeout(timer);
  if (isLate) throw new Error(`the response did not end within ${HANG_LIMIT_MS} ms`);
  return readResponse(Buffer.concat(received));
}

function readResponse(bytes: Buffer): HttpResponse {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return { status: 0, headers: {}, body: bytes.toString() };
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: bytes.subarray(end + 4).toString(),
  };
}
