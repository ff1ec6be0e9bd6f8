const { projects, testTimeout } = require('./jest.config.js');

/** What needs a Docker engine: `make images-check` finds or starts one. One file after the other: there is one engine. */
module.exports = {
  ...projects[0],
  displayName: 'images',
  testMatch: ['<rootDir>/test/images/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout,
};
