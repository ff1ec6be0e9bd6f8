import { status } from '@grpc/grpc-js';

/**
 * The status codes that are the fault of the called service; all others are the fault of its caller or expected.
 * Source: OpenTelemetry semantic conventions for gRPC, span status of a server.
 */
const SERVER_FAULTS = [
  status.DATA_LOSS,
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.UNIMPLEMENTED,
  status.UNKNOWN,
] as const;

/** The names of the status codes that are server faults, such as `UNAVAILABLE`. */
export const serverFaultNames: readonly string[] = SERVER_FAULTS.map((code) => status[code]);

/** True for a status code, by number or by name, that is the fault of the called service. */
export function isServerFault(code: number | string): boolean {
  return serverFaultNames.includes(typeof code === 'number' ? (status[code] ?? '') : code);
}
