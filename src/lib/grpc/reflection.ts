import { accessSync } from 'node:fs';
import type {
  handleBidiStreamingCall,
  MethodDefinition,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { projectPath } from '../runtime/project-root.ts';

const VERSIONS = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'];
const RPC = 'ServerReflectionInfo';

/** The RPC of one version: its codecs and its handler. */
type Reflection = {
  readonly method: MethodDefinition<unknown, unknown>;
  readonly handler: handleBidiStreamingCall<unknown, unknown>;
};

/** By the path of the RPC. */
type Reflections = ReadonlyMap<string, Reflection>;

const loaded = new Map<string, Reflections>();

/**
 * Lets a client ask the server what it serves, as grpcurl does. Parses the proto files when the first client asks: that takes
 * longer than everything else in the start of a server, and most servers are never asked.
 *
 * @param protoFile path below `protos`, such as `hipstershop/cart.proto`
 * @throws {Error} when there is no such file
 */
export function addReflection(server: Server, protoFile: string): void {
  accessSync(projectPath('protos', protoFile));
  for (const version of VERSIONS) {
    const path = `/${version}.ServerReflection/${RPC}`;
    const method: MethodDefinition<unknown, unknown> = {
      path,
      requestStream: true,
      responseStream: true,
      requestSerialize: (request) => reflection(protoFile, path).method.requestSerialize(request),
      requestDeserialize: (bytes) => reflection(protoFile, path).method.requestDeserialize(bytes),
      responseSerialize: (response) => reflection(protoFile, path).method.responseSerialize(response),
      responseDeserialize: (bytes) => reflection(protoFile, path).method.responseDeserialize(bytes),
    };
    const handler: Reflection['handler'] = (stream) => reflection(protoFile, path).handler(stream);
    server.addService({ [RPC]: method }, { [RPC]: handler });
  }
}

function reflection(protoFile: string, path: string): Reflection {
  const known = loaded.get(protoFile) ?? load(protoFile);
  loaded.set(protoFile, known);
  const found = known.get(path);
  if (found === undefined) throw new Error(`@grpc/reflection does not serve ${path}`);
  return found;
}

function load(protoFile: string): Reflections {
  const reflections = new Map<string, Reflection>();
  const definition = loadSync(protoFile, { includeDirs: [projectPath('protos')], keepCase: true });
  new ReflectionService(definition).addToServer({
    addService: (service: ServiceDefinition, implementation: UntypedServiceImplementation) => {
      const method = service[RPC];
      const handler = implementation[RPC];
      if (method !== undefined && handler !== undefined) {
        reflections.set(method.path, { method, handler: handler as Reflection['handler'] });
      }
    },
  });
  return reflections;
}
