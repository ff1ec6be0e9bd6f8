// Lets a script require TypeScript files of the tests, compiled as jest compiles them.
const Module = require('node:module');
const { transformSync } = require('@swc/core');
const { projects } = require('../jest.config.js');

const [, options] = projects[0].transform['^.+\\.tsx?$'];

for (const extension of ['.ts', '.tsx']) {
  Module._extensions[extension] = (module, filename) => {
    const source = require('node:fs').readFileSync(filename, 'utf8');
    module._compile(transformSync(source, { ...options, filename }).code, filename);
  };
}
