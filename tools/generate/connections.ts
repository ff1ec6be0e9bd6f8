import { backingServers, type ServiceName, serviceNames, topology, upstreamsOf } from '../../src/topology.ts';

/** Where a service connects to: a Deployment, by the port of its container. */
export type Destination = { readonly name: string; readonly port: number };

/** Everything that a service connects to in order to do its work, sorted by name, its backing servers last. */
export function destinationsOf(service: ServiceName): Destination[] {
  const services = [...upstreamsOf(service), ...topology[service].visits].sort();
  return [
    ...services.map((name) => ({ name, port: topology[name].port })),
    ...backingServersOf(service).map((name) => ({ name, port: clientPort(name) })),
  ];
}

/** The services that call or visit another one, sorted. */
export function callersOf(service: ServiceName): ServiceName[] {
  return serviceNames
    .filter(
      (name) => upstreamsOf(name).some((upstream) => upstream === service) || topology[name].visits.includes(service),
    )
    .sort();
}

/** The names of the servers that a service keeps something in. */
export function backingServersOf(service: ServiceName): string[] {
  return Object.keys(backingServers).filter((name) => backingServers[name]?.users.includes(service) === true);
}

/** The port of a backing server that its users connect to. */
export function clientPort(backingServer: string): number {
  const [port = 0] = Object.values(backingServers[backingServer]?.ports ?? {});
  return port;
}
