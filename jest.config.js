const { availableParallelism } = require('node:os');

const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx: true, explicitResourceManagement: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
      target: 'es2022',
    },
    module: { type: 'commonjs' },
  },
];

// Paths of test files that need a tool which this machine lacks: `make test` sets the variable, and reports them.
const notRun = (process.env.TESTS_NOT_RUN ?? '').split('\n').filter((path) => path !== '');
const ignored = ['/node_modules/', ...notRun.map((path) => `<rootDir>/${path.replaceAll('.', '\\.')}$`)];

const shared = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/jest-environment.js',
  // The cookie plugin imports its parser dynamically, which jest's CommonJS modules cannot do before it is compiled.
  transform: { '^.+\\.tsx?$': swc, '/node_modules/@fastify/cookie/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!@fastify/cookie/)'],
  // zod loads its messages in fifty languages: in every test file, since jest shares no module between them.
  moduleNameMapper: { '^\\.\\./locales/index\\.cjs$': '<rootDir>/node_modules/zod/v4/locales/en.cjs' },
  moduleFileExtensions: ['ts', 'tsx', 'js', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/var/'],
  setupFilesAfterEnv: ['<rootDir>/src/lib/testing/leak-check.ts'],
};

/** `unit` needs only Node; `full` needs the tools of scripts/testing/tools.js, which `make test` installs. */
module.exports = {
  // A limit that only ends a hang: longer than the 60 seconds of `eventually`, so that its message is what is reported.
  testTimeout: 300_000,
  // Much of a test is waiting.
  maxWorkers: availableParallelism() + 1,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/src/**/*.test.{ts,tsx}',
        '<rootDir>/test/{architecture,contracts,manifests,mesh,observability}/**/*.test.ts',
      ],
      testPathIgnorePatterns: [...ignored, '\\.integration\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'full',
      globalSetup: '<rootDir>/test/global-setup.js',
      globalTeardown: '<rootDir>/test/global-teardown.js',
      testPathIgnorePatterns: ignored,
      testMatch: ['<rootDir>/{src,test}/**/*.integration.test.ts', '<rootDir>/test/{integration,e2e}/**/*.test.ts'],
    },
  ],
};
