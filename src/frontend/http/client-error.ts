import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type MeasureRequest, NO_ROUTE } from '../../lib/http/request-metrics.ts';
import { securityHeaders } from '../../lib/http/security-headers.ts';
import { OTHER } from '../../lib/metrics/metrics.ts';
import { clientProblem, type HttpProblem } from '../page/problem.ts';
import type { AppOptions } from './app-options.ts';
import { CONTENT_POLICY } from './content-policy.ts';
import { errorDocument } from './error-pages.tsx';
import { requestLines } from './log-lines.ts';

/** Responds with an error page to bytes that Node cannot parse as a request, and closes the connection. */
export function handleClientError(
  { layoutOf, runtime }: Pick<AppOptions, 'layoutOf' | 'runtime'>,
  measure: MeasureRequest,
) {
  return (error: { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = runtime.newId();
    const problem = clientProblem(statusOf(error.code));
    // Log the code only: the bytes may contain personal data.
    runtime.log.write(requestLines.malformed, { requestId, status: problem.status, reason: error.code });
    // The start time and the path of a malformed request are unknown.
    measure({ method: OTHER, route: NO_ROUTE, status: problem.status, durationMs: 0 });
    socket.write(rawResponse(problem, errorDocument(layoutOf, requestId, problem)));
    socket.destroySoon();
  };
}

function statusOf(code: string | undefined): number {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    default:
      return 400;
  }
}

function rawResponse({ status }: HttpProblem, html: string): string {
  const headers = {
    ...securityHeaders(CONTENT_POLICY),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(html)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', html].join('\r\n');
}
