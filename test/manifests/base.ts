import { backingServers, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { type Container, type KubernetesObject, objectsIn, type Workload, workloadsOf } from './kubernetes-objects.ts';

/** The shop's own manifests, from the project's root. */
export const BASE = 'kubernetes-manifests/base';

/** Every service and backing server: each has a workload of its name. */
export const deployedNames: readonly string[] = [...serviceNames, ...Object.keys(backingServers)];

/** The objects of one file of the base. */
export function objectsOfFile(name: string): KubernetesObject[] {
  return objectsIn([`${BASE}/${name}.yaml`]);
}

/** All objects of the base. */
export function baseObjects(): KubernetesObject[] {
  return deployedNames.flatMap(objectsOfFile);
}

/**
 * The workload with this name among the objects.
 *
 * @throws {Error} when there is none
 */
export function workloadOf(objects: readonly KubernetesObject[], name: string): Workload {
  const found = workloadsOf(objects).find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`nothing makes pods of ${name}`);
  return found;
}

/**
 * The only container of the workload with this name among the objects.
 *
 * @throws {Error} when there is none, or more than one
 */
export function containerOf(objects: readonly KubernetesObject[], name: string): Container {
  const [container, ...others] = workloadOf(objects, name).pod.containers;
  if (container === undefined || others.length > 0) throw new Error(`${name} has not one container`);
  return container;
}

/** The literal environment variables of a container. */
export function environmentOf({ env = [] }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/** An environment that a service can read here: without the files that a cluster mounts. */
export function readableEnvironmentOf(container: Container): Readonly<Record<string, string>> {
  const { DATABASE_URL_FILE, ...others } = environmentOf(container);
  return DATABASE_URL_FILE === undefined ? others : { ...others, DATABASE_URL: 'postgres://user:word@postgres/orders' };
}

/** The services that have a Kubernetes Service. */
export const offeredServices: readonly ServiceName[] = serviceNames.filter((name) => topology[name].servicePort > 0);

/** The services that serve gRPC. */
export const grpcServices: readonly ServiceName[] = serviceNames.filter((name) => topology[name].protocol === 'grpc');
