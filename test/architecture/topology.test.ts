import type { ServiceDescriptorProto } from '@bufbuild/protobuf/wkt';
import { definitions, rpcKinds } from '../../src/contract.ts';
import { readVariables } from '../../src/lib/config/config.ts';
import { grpcServiceNames, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { compileProtos } from '../contracts/descriptors.ts';
import { originalServices } from '../contracts/original-services.ts';
import { addressVariablesOf, loadServiceConfig, sharedVariablesOf, upstreamsOnly } from './service-configs.ts';

/** The compatibility that a swap with a service of Online Boutique depends on: container port, Service port, addresses. */
const contract: Readonly<
  Partial<Record<ServiceName, { ports: readonly [number, number]; addresses: readonly string[] }>>
> = {
  frontend: {
    ports: [8080, 80],
    addresses: [
      'AD_SERVICE_ADDR',
      'CART_SERVICE_ADDR',
      'CHECKOUT_SERVICE_ADDR',
      'CURRENCY_SERVICE_ADDR',
      'PRODUCT_CATALOG_SERVICE_ADDR',
      'RECOMMENDATION_SERVICE_ADDR',
      'SHIPPING_SERVICE_ADDR',
    ],
  },
  cartservice: { ports: [7070, 7070], addresses: [] },
  productcatalogservice: { ports: [3550, 3550], addresses: [] },
  currencyservice: { ports: [7000, 7000], addresses: [] },
  paymentservice: { ports: [50_051, 50_051], addresses: [] },
  shippingservice: { ports: [50_051, 50_051], addresses: [] },
  emailservice: { ports: [8080, 5000], addresses: [] },
  checkoutservice: {
    ports: [5050, 5050],
    addresses: [
      'CART_SERVICE_ADDR',
      'CURRENCY_SERVICE_ADDR',
      'EMAIL_SERVICE_ADDR',
      'PAYMENT_SERVICE_ADDR',
      'PRODUCT_CATALOG_SERVICE_ADDR',
      'SHIPPING_SERVICE_ADDR',
    ],
  },
  recommendationservice: { ports: [8080, 8080], addresses: ['PRODUCT_CATALOG_SERVICE_ADDR'] },
  adservice: { ports: [9555, 9555], addresses: [] },
  loadgenerator: { ports: [0, 0], addresses: ['FRONTEND_ADDR'] },
};

/** Variables that the contract fixes in addition to PORT and the addresses. */
const contractVariables: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  cartservice: ['REDIS_ADDR'],
  productcatalogservice: ['EXTRA_LATENCY'],
  frontend: ['BANNER_COLOR', 'BASE_URL', 'ENABLE_SINGLE_SHARED_SESSION', 'FRONTEND_MESSAGE'],
  loadgenerator: ['RATE', 'USERS'],
};

/** The address variables of services that Online Boutique does not have. */
const ownVariables = new Set(
  serviceNames.filter((name) => !originalServices.includes(name)).map((name) => topology[name].addressVariable),
);

const files = compileProtos();

function descriptorOf(service: ServiceName): ServiceDescriptorProto | undefined {
  const { grpcService, protoFile } = topology[service];
  const file = files.find(({ name }) => name === protoFile);
  return file?.service.find(({ name }) => `${file.package}.${name}` === grpcService);
}

describe('the topology', () => {
  it('keeps the ports of the services of Online Boutique, and the address variables that they read', () => {
    const table = originalServices.map((name) => {
      const { port, servicePort } = topology[name];
      const addresses = addressVariablesOf(name).filter((variable) => !ownVariables.has(variable));
      return [name, { ports: [port, servicePort], addresses }];
    });
    expect(Object.fromEntries(table)).toEqual(contract);
  });

  it.each(Object.entries(contractVariables))(
    'keeps the variables that Online Boutique has in %s',
    async (name, expected) => {
      const { variables } = await loadServiceConfig(name as ServiceName);
      expect(Object.keys(variables.shape)).toEqual(expect.arrayContaining([...expected]));
    },
  );

  it('gives each service that has callers a separate address variable', () => {
    const variables = serviceNames.map((name) => topology[name].addressVariable).filter((name) => name !== '');
    expect(new Set(variables).size).toBe(variables.length);
    for (const variable of variables) expect(variable).toMatch(/^[A-Z_]+_ADDR$/);
  });

  it('names the gRPC service of each definition', () => {
    const named = Object.entries(definitions).map(([name, { fullName }]) => [name, fullName]);
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(grpcServiceNames.map((name) => [name, topology[name].grpcService])),
    );
  });

  it('names only RPCs that exist, and none both as an ordinary and as an exceptional call', () => {
    for (const name of serviceNames) {
      const { calls, exceptionalCalls } = topology[name];
      for (const [callee, rpcs] of [...Object.entries(calls), ...Object.entries(exceptionalCalls)]) {
        const offered = Object.keys(rpcKinds(callee as ServiceName));
        expect({ name, callee, missing: rpcs.filter((rpc) => !offered.includes(rpc)) }).toMatchObject({ missing: [] });
      }
      for (const [callee, rpcs] of Object.entries(exceptionalCalls)) {
        const ordinary = calls[callee as ServiceName] ?? [];
        expect({ name, callee, both: rpcs.filter((rpc) => ordinary.includes(rpc)) }).toMatchObject({ both: [] });
      }
    }
  });

  it('has no RPC without a caller, except the one for operators', () => {
    const called = new Set(
      serviceNames.flatMap((name) => {
        const { calls, exceptionalCalls } = topology[name];
        const all = [...Object.entries(calls), ...Object.entries(exceptionalCalls)];
        return all.flatMap(([callee, rpcs]) => rpcs.map((rpc) => `${callee}.${rpc}`));
      }),
    );
    const offered = grpcServiceNames.flatMap((name) => Object.keys(rpcKinds(name)).map((rpc) => `${name}.${rpc}`));
    expect(offered.filter((rpc) => !called.has(rpc))).toEqual(['checkoutservice.GetOrderEvents']);
  });

  it('visits only services that serve HTTP', () => {
    for (const name of serviceNames) {
      for (const visited of topology[name].visits) expect(topology[visited].protocol).toBe('http');
    }
  });
});

describe.each(grpcServiceNames)('%s', (name) => {
  it('is declared in the file the topology names', () => {
    expect(descriptorOf(name)).toBeDefined();
  });
});

describe.each(serviceNames)('the configuration of %s', (name) => {
  it('reads the variables of its kind and the addresses of its upstreams, and describes every variable', async () => {
    const { variables } = await loadServiceConfig(name);
    const read = Object.keys(variables.shape);
    expect(read).toEqual(expect.arrayContaining([...sharedVariablesOf(name), ...addressVariablesOf(name)]));
    expect(read.filter((variable) => !variables.shape[variable]?.description)).toEqual([]);
  });

  it('requires the addresses of its upstreams and nothing else', async () => {
    const { readConfig } = await loadServiceConfig(name);
    expect(() => readConfig(upstreamsOnly(name))).not.toThrow();
    for (const variable of addressVariablesOf(name)) {
      expect(() => readConfig({ ...upstreamsOnly(name), [variable]: '' })).toThrow(variable);
    }
  });

  it('listens on the port of the topology by default', async () => {
    const { port } = topology[name];
    const { variables, readConfig } = await loadServiceConfig(name);
    const values = readVariables(variables, upstreamsOnly(name));
    expect(values.PORT ?? 0).toBe(port);
    if (topology[name].protocol === 'grpc') expect(readConfig(upstreamsOnly(name))).toMatchObject({ server: { port } });
  });
});
