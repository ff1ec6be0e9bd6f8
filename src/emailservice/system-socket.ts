import { connect } from 'node:net';

/** The `getSocket` option of the mail library. */
type SocketHandler = (
  options: {
    readonly host?: string | undefined;
    readonly port?: string | number | undefined;
    readonly secure?: boolean | undefined;
  },
  callback: (error: Error | null, socket?: { connection: ReturnType<typeof connect> }) => void,
) => void;

// Default ports. Source: RFC 8314, 3.3 and RFC 6409, 3.1.
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

/**
 * Connects to a mail server with the resolver of the system.
 *
 * The mail library would send DNS queries itself and ignore the hosts file and the search domains, which Kubernetes needs
 * to resolve `mailpit`.
 *
 * @param timeoutMs limit for name resolution and connection together
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
