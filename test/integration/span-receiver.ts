import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { spansOfOtlp } from './otlp-request.ts';
import type { ReceivedSpan } from './received-span.ts';
import { spansOfThrift } from './thrift-batch.ts';

/** A collector that stores the spans it receives. */
export type SpanReceiver = AsyncDisposable & {
  /** The variables that make a shop export its spans to this collector. */
  readonly variables: Record<string, string>;
  /** The spans received so far. */
  readonly spans: () => readonly ReceivedSpan[];
  /** The headers of the last request. */
  readonly headers: () => IncomingHttpHeaders;
};

/**
 * Starts a collector of OTLP over HTTP or of Jaeger's Thrift over HTTP. It decodes requests when `spans` is called: decoding
 * while the shop runs would make the collector slow.
 *
 * @param options.answerAfterMs time from the end of a request to its answer
 */
export async function startReceiver(protocol: 'otlp' | 'jaeger', { responseAfterMs = 0 } = {}): Promise<SpanReceiver> {
  const [path, type, decode] =
    protocol === 'otlp'
      ? ['/v1/traces', 'application/x-protobuf', spansOfOtlp]
      : ['/api/traces', 'application/x-thrift', spansOfThrift];
  const spans: ReceivedSpan[] = [];
  let undecoded: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isExpected = request.url === path && request.headers['content-type'] === type;
      headers = request.headers;
      const body = Buffer.concat(chunks);
      if (isExpected) undecoded.push(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      setTimeout(() => response.writeHead(isExpected ? 200 : 404).end(), responseAfterMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    variables: {
      TRACES_EXPORTER: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_JAEGER_ENDPOINT: `${url}/api/traces`,
    },
    headers: () => headers,
    spans: () => {
      const bodies = undecoded;
      undecoded = [];
      for (const body of bodies) spans.push(...decode(body));
      return spans;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
