// Lets a script require what the tests are made of, compiled as jest compiles it.
const Module = require('node:module');
const { transformSync } = require('@swc/core');
const { projects } = require('../jest.config.js');

const [, options] = projects[0].transform['^.+\\.tsx?$'];

Module._extensions['.ts'] = (module, filename) => {
  const source = require('node:fs').readFileSync(filename, 'utf8');
  module._compile(transformSync(source, { ...options, filename }).code, filename);
};
