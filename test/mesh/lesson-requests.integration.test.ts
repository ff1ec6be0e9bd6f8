import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { startCallee } from './callee.ts';

const run = promisify(execFile);

/** Runs a script of scripts/mesh where `kubectl exec` starts Node on this machine. Returns the output, after the arguments of kubectl. */
async function output(script: string, ...args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-kubectl-'));
  const kubectl = join(folder, 'kubectl');
  const stub = `#!/bin/sh\necho "$1 $2 $3 $4 $5 $6 $7"\nshift 7\nexec '${process.execPath}' "$@"\n`;
  try {
    await writeFile(kubectl, stub);
    await chmod(kubectl, 0o755);
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    return (await run('sh', [`scripts/mesh/${script}`, ...args], { cwd: projectPath(), env })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('scripts/mesh/get-pages.sh', () => {
  it('requests the pages from the named Deployment and counts statuses and pages with the text', async () => {
    const server = createServer(({ headers }, response) => {
      response.writeHead(headers['x-canary'] === 'yes' ? 200 : 503).end('This is version 2');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const options = ['--times', '3', '--find', 'version 2', '--header', 'x-canary: yes'];
      expect(await output('get-pages.sh', 'loadgenerator', url, ...options)).toMatch(
        /^exec -i deployment\/loadgenerator -c loadgenerator -- \/nodejs\/bin\/node\n3 pages: 3 status 200, 3 with version 2, \d/,
      );
      expect(await output('get-pages.sh', 'loadgenerator', url)).toMatch(/\n1 pages: 1 status 503, \d/);
    } finally {
      server.close();
    }
  });
});

describe('scripts/mesh/call-rpc.sh', () => {
  it('calls the RPC from the named Deployment with its metadata and counts the statuses', async () => {
    await using callee = await startCallee('productcatalogservice', async () => {});
    const rpc = 'hipstershop.ProductCatalogService/ListProducts';
    expect(await output('call-rpc.sh', 'frontend', callee.address, rpc, '--times', '4', '--at-once', '2')).toMatch(
      /^exec -i deployment\/frontend -c frontend -- \/nodejs\/bin\/node\n4 calls: 4 OK, \d/,
    );
    expect(callee.attempts).toHaveLength(4);
    expect(await output('call-rpc.sh', 'frontend', callee.address, 'hipstershop.None/Such')).toMatch(
      /\n1 calls: 1 UNIMPLEMENTED \(/,
    );
  });
});
