import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  type ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { runBuf } from './buf.ts';

const PACKAGE_PREFIX = /^\.(?:hipstershop\.)?/;

/** Compiles .proto files with buf, as parsed descriptors. */
export function compileProtos(input = 'protos'): readonly FileDescriptorProto[] {
  const run = runBuf(['build', input, '-o', '-#format=binpb']);
  if (run.code !== 0) throw new Error(`buf build failed:\n${run.output}`);
  return fromBinary(FileDescriptorSetSchema, run.stdout).file;
}

/** The files of package `hipstershop`. */
export function shopFiles(files: readonly FileDescriptorProto[]): readonly FileDescriptorProto[] {
  return files.filter((file) => file.package === 'hipstershop');
}

/** A field as the golden tables write it: `repeated CartItem = 2`. */
export function fieldText(field: FieldDescriptorProto): string {
  const named = field.typeName !== '';
  const type = named
    ? field.typeName.replace(PACKAGE_PREFIX, '')
    : FieldDescriptorProto_Type[field.type]?.toLowerCase();
  const repeated = field.label === FieldDescriptorProto_Label.REPEATED ? 'repeated ' : '';
  return `${repeated}${field.proto3Optional ? 'optional ' : ''}${type} = ${field.number}`;
}

/** The messages of some files as the golden tables write them. */
export function messageTables(files: readonly FileDescriptorProto[]): Record<string, Record<string, string>> {
  const messages: DescriptorProto[] = files.flatMap((file) => file.messageType);
  return Object.fromEntries(
    messages.map(({ name, field }) => [name, Object.fromEntries(field.map((one) => [one.name, fieldText(one)]))]),
  );
}

/** The services of some files as the golden tables write them; a stream is written as one, and so never matches. */
export function serviceTables(files: readonly FileDescriptorProto[]): Record<string, Record<string, string>> {
  const services: ServiceDescriptorProto[] = files.flatMap((file) => file.service);
  return Object.fromEntries(services.map(({ name, method }) => [name, Object.fromEntries(method.map(rpcEntry))]));
}

function rpcEntry(method: ServiceDescriptorProto['method'][number]): [string, string] {
  const side = (typeName: string, streams: boolean): string =>
    `${streams ? 'stream ' : ''}${typeName.replace(PACKAGE_PREFIX, '')}`;
  const request = side(method.inputType, method.clientStreaming);
  return [method.name, `${request} -> ${side(method.outputType, method.serverStreaming)}`];
}
