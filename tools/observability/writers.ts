import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';

/** What emits telemetry: a service, the launcher, or all services that have something in common. */
export type Writer = ServiceName | 'every service' | 'gRPC clients' | 'gRPC servers' | 'launcher';

/** The names in the `service` field or label of what these writers emit. */
export function writerNames(writers: readonly Writer[]): string[] {
  return writers.flatMap((writer) => {
    switch (writer) {
      case 'every service':
        return [...serviceNames];
      case 'gRPC clients':
        return serviceNames.filter((name) => Object.keys(topology[name].calls).length > 0);
      case 'gRPC servers':
        return serviceNames.filter((name) => topology[name].protocol === 'grpc');
      default:
        return [writer];
    }
  });
}
