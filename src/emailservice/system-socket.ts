import { connect } from 'node:net';

/** What the mail library takes as the way to a server: it calls back with a connection, or with what went wrong. */
type SocketHandler = (
  options: {
    readonly host?: string | undefined;
    readonly port?: string | number | undefined;
    readonly secure?: boolean | undefined;
  },
  callback: (error: Error | null, socket?: { connection: ReturnType<typeof connect> }) => void,
) => void;

// Source: RFC 8314, 3.3 and RFC 6409, 3.1: where a URL names no port.
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

/**
 * Connects to a mail server by the name resolution of the system.
 *
 * The mail library would ask DNS itself, for the name as it stands: without the search domains that make `mailpit` a
 * name in Kubernetes, and without the file of hosts.
 *
 * @param timeoutMs how long finding the server and connecting to it may take
 */
export function systemSocket(timeoutMs: number): SocketHandler {
  return ({ host = 'localhost', secure = false, port = secure ? SMTPS_PORT : SUBMISSION_PORT }, callback) => {
    const socket = connect({ host, port: Number(port), timeout: timeoutMs });
    socket.once('timeout', () => socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })));
    socket.once('error', callback);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      callback(null, { connection: socket });
    });
  };
}
