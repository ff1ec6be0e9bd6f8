import { serviceNames, topology, upstreamsOf } from '../../src/topology.ts';

/** The names that follow from the name of a new service, such as `giftservice`. */
export type ServiceNames = {
  readonly name: string;
  /** `gift` */
  readonly word: string;
  /** `Gift` */
  readonly capitalized: string;
  /** `mercato.gift.v1` */
  readonly protoPackage: string;
  /** `mercato/gift/v1/gift`: below `protos` with `.proto`, below `src/genproto` with `.ts` */
  readonly protoModule: string;
  /** `mercato.gift.v1.GiftService` */
  readonly grpcService: string;
  /** `GIFT_SERVICE_ADDR` */
  readonly addressVariable: string;
  readonly port: number;
};

const NAME = /^([a-z]+)service$/;
const FIRST_PORT = 7100;
const PORT_STEP = 100;

/** @throws {Error} when the name is not such as `giftservice`, or taken */
export function namesOf(name: string): ServiceNames {
  const word = NAME.exec(name)?.[1];
  if (word === undefined) throw new Error(`NAME=${name}: expected lower case letters that end in "service"`);
  if (serviceNames.some((taken) => taken === name)) throw new Error(`NAME=${name}: the service exists`);
  const capitalized = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const protoPackage = `mercato.${word}.v1`;
  return {
    name,
    word,
    capitalized,
    protoPackage,
    protoModule: `mercato/${word}/v1/${word}`,
    grpcService: `${protoPackage}.${capitalized}Service`,
    addressVariable: `${word.toUpperCase()}_SERVICE_ADDR`,
    port: freePort(),
  };
}

/** @throws {Error} when the caller is no service that has upstreams */
export function requireCaller(calledBy: string): string {
  const callers = serviceNames.filter((name) => upstreamsOf(name).length > 0);
  if (!callers.some((name) => name === calledBy)) {
    throw new Error(`CALLED_BY=${calledBy}: expected a service with upstreams: ${callers.join(', ')}`);
  }
  return calledBy;
}

function freePort(): number {
  const taken = new Set(serviceNames.map((name) => topology[name].port));
  let port = FIRST_PORT;
  while (taken.has(port)) port += PORT_STEP;
  return port;
}
