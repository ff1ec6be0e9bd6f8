import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { OTHER } from '../../lib/metrics/metrics.ts';
import { HttpProblem } from '../page/problem.ts';
import type { AppOptions } from './app-options.ts';
import { errorDocument } from './error-pages.tsx';
import { type MeasureRequest, NO_ROUTE } from './measure-requests.ts';
import { headersOfBarePage } from './security-headers.ts';

/** Answers what Node cannot read as a request, and what so never meets a route, with its page and the end of the connection. */
export function answerUnreadable({ frame, runtime }: Pick<AppOptions, 'frame' | 'runtime'>, measure: MeasureRequest) {
  return (error: { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = runtime.newId();
    const problem = problemOfBytes(error.code);
    // The code alone: the bytes may hold what a shopper typed.
    runtime.log.info({ requestId, status: problem.status, reason: error.code }, 'request not readable');
    // When it began, and what it asked for, is not known.
    measure({ method: OTHER, route: NO_ROUTE, status: problem.status, durationMs: 0 });
    socket.write(answerTo(problem, errorDocument(frame, requestId, problem)));
    socket.destroySoon();
  };
}

function problemOfBytes(code: string | undefined): HttpProblem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem(408, 'That took too long', 'Your request did not arrive in time. Please try again.');
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem(
        431,
        'Too much at once',
        'The address or the headers of that request are too long for us.',
      );
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HttpProblem(413, 'Too much at once', 'That request is too long for us.');
    default:
      return new HttpProblem(400, 'That did not work', 'The shop could not make sense of that request.');
  }
}

function answerTo({ status }: HttpProblem, html: string): string {
  const headers = {
    ...headersOfBarePage(),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(html)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', html].join('\r\n');
}
