// Runs a shop in one process for bench-mesh.js and sends it the address. With the argument `mesh` every call passes two
// Envoys with mutual TLS between them: one for all callers, one for all services.
require('./require-typescript.js');
const { once } = require('node:events');
const { startInOneProcess } = require('../dist/launcher/one-process.js');
const { environment } = require('../dist/lib/config/config.js');
const { createLogger } = require('../dist/lib/log/logger.js');
const { serviceMetrics } = require('../dist/lib/metrics/metrics.js');
const { systemRuntime } = require('../dist/lib/runtime/runtime.js');
const { silentTracer } = require('../dist/lib/telemetry/tracing.js');
const { freePort } = require('../src/lib/testing/free-port.ts');
const { makeAuthority } = require('../test/mesh/certificates.ts');
const { clusterOf, listener, passOn, plainCluster, routesTo } = require('../test/mesh/envoy-config.ts');
const { startEnvoy } = require('../test/mesh/envoy.ts');
const { meshRulesOf } = require('../test/mesh/mesh-rules.ts');
const { callerTransport, nameOf, strictTransport } = require('../test/mesh/mutual-tls.ts');

const LOOPBACK = '127.0.0.1';

function runtimeOf(service) {
  const identity = { service, version: 'bench', log: createLogger({ service, version: 'bench' }, { level: 'silent' }) };
  return systemRuntime({ ...identity, metrics: serviceMetrics(identity), tracer: silentTracer() });
}

/** Starts two Envoys between the services of a shop; `calls` has the address of each service and the port for its callers. */
async function startMesh(authority, calls) {
  const identities = new Map();
  for (const { service } of calls) identities.set(service, await authority.issue(nameOf(service)));
  const inbound = await startEnvoy({
    listeners: calls.map(({ service }) =>
      listener({
        name: service,
        direction: 'INBOUND',
        routes: [passOn(service)],
        transportSocket: strictTransport(authority.root, identities.get(service)),
      }),
    ),
    clusters: calls.map(({ service, address }) => plainCluster(service, [address])),
  });
  const own = await authority.issue(nameOf('frontend'));
  const outbound = await startEnvoy({
    listeners: calls.map(({ service, port }) =>
      listener({ name: service, port, routes: routesTo(meshRulesOf(service)) }),
    ),
    clusters: calls.map(({ service }) => ({
      ...clusterOf(meshRulesOf(service), [inbound.address(service)]),
      transport_socket: callerTransport(authority.root, { to: service, own }),
    })),
  });
  return [outbound, inbound];
}

async function main() {
  const calls = [];
  const inMesh = process.argv.includes('mesh');
  const shop = await startInOneProcess({
    env: {
      GRPC_RETRIES: inMesh ? 'off' : 'on',
      DATA_DIR: environment().DATA_DIR,
      MAIL_DIR: environment().MAIL_DIR,
    },
    frontend: { host: LOOPBACK, port: 0 },
    runtimeOf,
    interpose: async (service, address) => {
      if (!inMesh || service === 'frontend') return address;
      const port = await freePort();
      calls.push({ service, address, port });
      return `${LOOPBACK}:${port}`;
    },
  });
  const authority = await makeAuthority();
  const opened = inMesh ? await startMesh(authority, calls) : [];
  process.send({ address: shop.frontendAddress });
  await once(process, 'message');
  await shop[Symbol.asyncDispose]();
  for (const one of [...opened, authority]) await one[Symbol.asyncDispose]();
  process.disconnect();
}

void main();
