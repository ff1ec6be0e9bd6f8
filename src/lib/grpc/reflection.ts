import type { Server } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { projectPath } from '../runtime/project-root.ts';

const loaded = new Map<string, PackageDefinition>();

/**
 * Lets a client ask the server what it serves, as grpcurl does.
 *
 * @param protoFile path below `protos`, such as `hipstershop/cart.proto`
 */
export function addReflection(server: Server, protoFile: string): void {
  new ReflectionService(packageDefinition(protoFile)).addToServer(server);
}

function packageDefinition(protoFile: string): PackageDefinition {
  const known = loaded.get(protoFile);
  if (known !== undefined) return known;
  const definition = loadSync(protoFile, { includeDirs: [projectPath('protos')], keepCase: true });
  loaded.set(protoFile, definition);
  return definition;
}
