import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';

/** The services of Online Boutique. A service that Mercato adds has a proto package `mercato.*`. */
export const originalServices: readonly ServiceName[] = serviceNames.filter(
  (name) => !topology[name].grpcService.startsWith('mercato.'),
);
