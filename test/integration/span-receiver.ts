import { once } from 'node:events';
import { createServer } from 'node:http';
import { spansOfOtlp } from './otlp-request.ts';
import type { ReceivedSpan } from './received-span.ts';
import { spansOfThrift } from './thrift-batch.ts';

/** A collector that keeps what it gets. */
export type SpanReceiver = AsyncDisposable & {
  /** The variables with which a shop sends its spans here. */
  readonly variables: Record<string, string>;
  /** What arrived so far, decoded. */
  readonly spans: () => readonly ReceivedSpan[];
};

/**
 * Starts a collector of OTLP over HTTP, or of Jaeger's Thrift over HTTP. It answers `answerAfterMs` after a request is there,
 * and decodes when it is asked: a collector that is busy with decoding is a slow one, and then it is the test that loses spans.
 */
export async function startReceiver(protocol: 'otlp' | 'jaeger', { answerAfterMs = 0 } = {}): Promise<SpanReceiver> {
  const [path, type, decode] =
    protocol === 'otlp'
      ? ['/v1/traces', 'application/x-protobuf', spansOfOtlp]
      : ['/api/traces', 'application/x-thrift', spansOfThrift];
  const spans: ReceivedSpan[] = [];
  let undecoded: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isExpected = request.url === path && request.headers['content-type'] === type;
      if (isExpected) undecoded.push(Buffer.concat(chunks));
      setTimeout(() => response.writeHead(isExpected ? 200 : 404).end(), answerAfterMs);
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
