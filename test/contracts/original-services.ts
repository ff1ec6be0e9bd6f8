import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';

/** The services that Online Boutique has too. A service of Mercato's own has a proto package `mercato.*`. */
export const originalServices: readonly ServiceName[] = serviceNames.filter(
  (name) => !topology[name].grpcService.startsWith('mercato.'),
);
