import { once } from 'node:events';
import { type ClientHttp2Stream, connect, constants, type IncomingHttpHeaders } from 'node:http2';

/** The response on the wire. */
export type RawResponse = {
  readonly headers: IncomingHttpHeaders;
  /** True when the first HEADERS frame was the last frame: the response is trailers-only. */
  readonly endedWithHeaders: boolean;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** A call in flight. */
export type RawCall = Disposable & { readonly stream: ClientHttp2Stream; readonly response: Promise<RawResponse> };

/** Frames a gRPC message: the flag "not compressed", the length, the bytes. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Opens a call without a gRPC library; the test writes the bytes of the request. */
export function rawCall(address: string, path: string, headers: Record<string, string> = {}): RawCall {
  const session = connect(`http://${address}`);
  session.on('error', () => {});
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  return { stream, response: readResponse(stream), [Symbol.dispose]: () => session.destroy() };
}

/** Makes a whole call without a gRPC library. */
export async function rawUnary(
  address: string,
  path: string,
  options: { body: Uint8Array; headers?: Record<string, string> },
): Promise<RawResponse> {
  using call = rawCall(address, path, options.headers);
  call.stream.end(options.body);
  return await call.response;
}

async function readResponse(stream: ClientHttp2Stream): Promise<RawResponse> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  let flags = 0;
  const chunks: Buffer[] = [];
  stream.on('response', (received, receivedFlags) => {
    headers = received;
    flags = receivedFlags;
  });
  stream.on('trailers', (received) => {
    trailers = received;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => {});
  await once(stream, 'close');
  return {
    headers,
    trailers,
    endedWithHeaders: (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0,
    body: Buffer.concat(chunks),
  };
}
