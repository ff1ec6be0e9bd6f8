import { connect } from 'node:net';
import type { Environment } from '../lib/config.ts';

/** Where every receiver of OTLP over HTTP listens unless told otherwise. */
const RECEIVER = { host: '127.0.0.1', port: 4318 };
const CONNECT_LIMIT_MS = 300;

/** What becomes of the traces of a shop. */
export type Traces = {
  /** The variables that tell every service. */
  readonly variables: { readonly TRACES_EXPORTER: string };
  /** The same for a person, in a few words. */
  readonly text: string;
};

/**
 * Decides where traces go: where TRACES_EXPORTER or an OTLP endpoint says; else to this machine's receiver, if one listens;
 * else nowhere, so that a shop without one does no work for nobody.
 *
 * @param receiver the receiver of this machine
 */
export async function chooseTraces(env: Environment, receiver = RECEIVER): Promise<Traces> {
  const asked = env.TRACES_EXPORTER || (env.OTEL_EXPORTER_OTLP_ENDPOINT ? 'otlp' : undefined);
  if (asked !== undefined) return { variables: { TRACES_EXPORTER: asked }, text: asked };
  const address = `${receiver.host}:${receiver.port}`;
  return (await isListening(receiver))
    ? { variables: { TRACES_EXPORTER: 'otlp' }, text: `to the receiver at ${address}` }
    : { variables: { TRACES_EXPORTER: 'none' }, text: `off: no receiver at ${address}` };
}

async function isListening(address: { host: string; port: number }): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(address);
    const end = (listens: boolean) => () => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(CONNECT_LIMIT_MS, end(false));
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
