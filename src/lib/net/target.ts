import { isIPv4 } from 'node:net';

/** The address of an upstream in the form that grpc-js resolves. */
export type Target = {
  /** For the channel: `dns:///host:port` or `ipv4:address:port,address:port`. */
  readonly uri: string;
};

const HOST_PORT = /^(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/;

/**
 * Parses an address. `host:port` and `dns:///host:port` are resolved by name; calls are balanced over all addresses of the
 * name. `ipv4:a:port,b:port` is a list of addresses. Returns `undefined` for anything else.
 */
export function parseTarget(address: string): Target | undefined {
  if (address.startsWith('ipv4:')) {
    const parts = address.slice('ipv4:'.length).split(',');
    return parts.every(isIPv4WithPort) ? { uri: address } : undefined;
  }
  const name = address.startsWith('dns:///') ? address.slice('dns:///'.length) : address;
  return validPort(HOST_PORT.exec(name)) ? { uri: `dns:///${name}` } : undefined;
}

function isIPv4WithPort(text: string): boolean {
  return isIPv4(text.slice(0, text.lastIndexOf(':'))) && validPort(HOST_PORT.exec(text));
}

function validPort(match: RegExpExecArray | null): boolean {
  const port = Number(match?.[1]);
  return port >= 1 && port <= 65_535;
}
