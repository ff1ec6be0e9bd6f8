import { connect } from 'node:net';
import type { Environment } from '../lib/config/config.ts';

/** Default address of OTLP over HTTP. */
const RECEIVER = { host: '127.0.0.1', port: 4318 };
const CONNECT_LIMIT_MS = 300;

/** Where the traces of a shop go. */
export type Traces = {
  /** Variables for every service. */
  readonly variables: { readonly TRACES_EXPORTER: string; readonly DEV_CONSOLE_ENDPOINT?: string };
  /** A short description for the table that the launcher prints. */
  readonly text: string;
};

/**
 * Decides where traces go: to the exporter or OTLP endpoint of the environment, else to a receiver on this machine if one
 * listens. The console gets all of them too, unless TRACES_EXPORTER=none turns tracing off.
 *
 * @param options.console `host:port`; `undefined` without a console
 * @param options.receiver address of a receiver on this machine
 */
export async function chooseTraces(
  env: Environment,
  options: { console: string | undefined; receiver?: { host: string; port: number } },
): Promise<Traces> {
  const { exporter, text } = await chooseExporter(env, options.receiver ?? RECEIVER);
  const off = env.TRACES_EXPORTER === 'none';
  if (options.console === undefined || off) return { variables: { TRACES_EXPORTER: exporter }, text };
  return {
    variables: { TRACES_EXPORTER: exporter, DEV_CONSOLE_ENDPOINT: `http://${options.console}` },
    text: exporter === 'none' ? `in the console only: ${text}` : `in the console, and ${text}`,
  };
}

async function chooseExporter(env: Environment, receiver: { host: string; port: number }) {
  const configured = env.TRACES_EXPORTER || (env.OTEL_EXPORTER_OTLP_ENDPOINT ? 'otlp' : undefined);
  if (configured !== undefined)
    return { exporter: configured, text: configured === 'none' ? 'off' : `sent as ${configured}` };
  const address = `${receiver.host}:${receiver.port}`;
  return (await isListening(receiver))
    ? { exporter: 'otlp', text: `sent to the receiver at ${address}` }
    : { exporter: 'none', text: `no receiver at ${address}` };
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
