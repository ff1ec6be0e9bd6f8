import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

/** Programs of the system that the scripts use. */
const SYSTEM = ['sh', 'sed', 'tr', 'grep'];

const KUBECTL_PAGE = 'https://kubernetes.io/docs/tasks/tools/';
const SKAFFOLD_PAGE = 'https://skaffold.dev/docs/install/';

function pathOf(tool: string): string {
  return spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
}

/** Runs a make target with the system's tools and recorded fakes only. */
function make(
  verb: string,
  tools: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly said: string; readonly printed: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-path-'));
  try {
    for (const tool of SYSTEM) symlinkSync(pathOf(tool), join(folder, tool));
    for (const [tool, script] of Object.entries(tools)) {
      writeFileSync(join(folder, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    const { status, stderr, stdout } = spawnSync(pathOf('make'), [verb], {
      cwd: projectPath(),
      env: { PATH: folder },
      encoding: 'utf8',
    });
    return { status, said: stderr, printed: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const needs = (tool: string, page: string): string =>
  `This needs ${tool}, which is not here. How to install it: ${page}`;

describe('make', () => {
  it.each([
    ['images', 'docker', 'https://docs.docker.com/', {}],
    ['deploy', 'kubectl', KUBECTL_PAGE, {}],
    ['undeploy', 'kubectl', KUBECTL_PAGE, {}],
    ['deploy', 'skaffold', SKAFFOLD_PAGE, { kubectl: '' }],
    ['undeploy', 'skaffold', SKAFFOLD_PAGE, { kubectl: '' }],
  ])('%s reports that %s is missing, with the address of its installation page', (verb, tool, page, tools) => {
    const { status, said } = make(verb, tools);
    expect(status).not.toBe(0);
    expect(said).toContain(needs(tool, page));
  });
});

describe('make images', () => {
  const at = (context: string) => ({ docker: '', kubectl: `echo ${context}` });

  it.each([
    ['kind-shop', 'kind', 'https://kind.sigs.k8s.io'],
    ['minikube', 'minikube', 'https://minikube.sigs.k8s.io/docs/start/'],
  ])('in the context %s requires %s before it builds', (context, tool, page) => {
    const { status, said, printed } = make('images', at(context));
    expect(status).not.toBe(0);
    expect(said).toContain(needs(tool, page));
    expect(printed).not.toContain('Building');
  });

  it.each([
    ['kind-shop', 'kind', 'load docker-image --name shop mercato/adservice:dev'],
    ['minikube', 'minikube', '-p minikube image load mercato/adservice:dev'],
    ['lessons', 'minikube', '-p lessons image load mercato/adservice:dev'],
  ])('in the context %s loads the images by %s', (context, tool, command) => {
    const profiles = '{"invalid":[],"valid":[{"Name":"lessons","Status":"Running"}]}';
    const script = `[ "$1" != profile ] || { echo '${profiles}'; exit; }\necho "ran $*"`;
    const { status, printed } = make('images', { ...at(context), [tool]: script });
    expect(status).toBe(0);
    expect(printed).toContain(`ran ${command}`);
    expect(printed).not.toContain('Not loaded');
  });

  it.each([
    ['no minikube', {}],
    ['a minikube without a profile of that name', { minikube: `echo '{"invalid":[],"valid":[{"Name":"lessons"}]}'` }],
  ])('reports that the images were not loaded, in another context and with %s', (_, tools) => {
    const { status, printed } = make('images', { ...at('company'), ...tools });
    expect(status).toBe(0);
    expect(printed).toContain('Not loaded into a cluster: the context company is neither of kind nor of minikube');
  });

  it('reports that the images were not loaded when there is no current context', () => {
    const { status, printed } = make('images', { docker: '' });
    expect(status).toBe(0);
    expect(printed).toContain('Not loaded into a cluster: there is no current context');
  });
});
