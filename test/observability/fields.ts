import type { Node } from '../architecture/syntax.ts';
import { calledFunction, declarationOf, isParameter, type Place, positionOf, within } from './scopes.ts';

/**
 * The fields of the object that an expression is, also when the object was made, or its type written down, elsewhere in
 * the file.
 *
 * @throws {Error} when the file does not say which they are
 */
export function fieldsOf(place: Place): string[] {
  const { node, around } = place;
  switch (node.type) {
    case 'ObjectExpression':
      return (node.properties as Node[]).flatMap((property) => fieldsOfProperty(within(place, property)));
    case 'Identifier': {
      const declared = declarationOf(String(node.value), around);
      if (declared === undefined) break;
      return isParameter(declared) ? fieldsOfType(typeOfParameter(declared), around) : fieldsOf(declared);
    }
    case 'CallExpression':
      return fieldsOfType(typeIn(calledFunction(place)?.node.returnType), around);
    default:
  }
  throw new Error(`the file does not say which fields this ${String(node.type)} has`);
}

function fieldsOfProperty(property: Place): string[] {
  const { type, value, key, arguments: spread } = property.node;
  if (type === 'SpreadElement') return fieldsOf(within(property, spread));
  return [type === 'Identifier' ? String(value) : nameOfKey(key as Node)];
}

function nameOfKey({ type, value }: Node): string {
  if (type !== 'Identifier' && type !== 'StringLiteral') throw new Error('the name of a field is computed');
  return String(value);
}

function fieldsOfType(type: Node | undefined, around: readonly Node[]): string[] {
  return membersOf(type, around).map(({ key }) => nameOfKey(key as Node));
}

/** The members of a type that is written down here, or in the file by its name. */
function membersOf(type: Node | undefined, around: readonly Node[]): Node[] {
  if (type?.type === 'TsTypeLiteral') return type.members as Node[];
  const name = type?.type === 'TsTypeReference' ? (type.typeName as Node).value : undefined;
  const alias = ((around.at(-1)?.body ?? []) as Node[])
    .map((statement) => (statement.type === 'ExportDeclaration' ? (statement.declaration as Node) : statement))
    .find((declared) => declared.type === 'TsTypeAliasDeclaration' && (declared.id as Node).value === name);
  if (alias === undefined) throw new Error(`the type ${String(name)} is not in the file`);
  return membersOf(alias.typeAnnotation as Node, around);
}

/** The type that a parameter has by itself; or else, in `f(): Events { return { done: (event) => ... } }`, that of `done`. */
function typeOfParameter(parameter: Place): Node | undefined {
  const own = typeIn(parameter.node.typeAnnotation);
  const [, property] = parameter.around;
  const maker = parameter.around.find(({ returnType }) => (returnType ?? null) !== null);
  if (own !== undefined || property?.type !== 'KeyValueProperty' || maker === undefined) return own;
  const member = membersOf(typeIn(maker.returnType), parameter.around).find(
    ({ key }) => nameOfKey(key as Node) === nameOfKey(property.key as Node),
  );
  const parameters = (typeIn(member?.typeAnnotation)?.params ?? []) as Node[];
  return typeIn(parameters[positionOf(parameter)]?.typeAnnotation);
}

function typeIn(annotation: unknown): Node | undefined {
  return (annotation as { typeAnnotation?: Node } | null | undefined)?.typeAnnotation;
}
