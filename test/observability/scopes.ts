import { isNode, type Node } from '../architecture/syntax.ts';

/** A node of a syntax tree, with the nodes around it, the innermost first. */
export type Place = { readonly node: Node; readonly around: readonly Node[] };

/** Every node of a tree in its place, from above. */
export function* placesIn(value: unknown, around: readonly Node[] = []): Generator<Place> {
  if (Array.isArray(value)) {
    for (const element of value) yield* placesIn(element, around);
  } else if (isNode(value)) {
    yield { node: value, around };
    const inside = value.type === undefined ? around : [value, ...around];
    for (const child of Object.values(value)) yield* placesIn(child, inside);
  }
}

/** A part of what is in a place, in its own place. */
export function within({ node, around }: Place, part: unknown): Place {
  return { node: (part ?? {}) as Node, around: [node, ...around] };
}

/** True for the name `name`. */
export function isNamed(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node.value === name;
}

/** The arguments of a call, each in its place. */
export function argumentsOf(call: Place): Place[] {
  return (call.node.arguments as { expression: Node }[]).map(({ expression }) => within(call, expression));
}

/**
 * What a name stands for where it is used: a parameter, a function, or the value of a constant. `undefined` for what is
 * imported, or taken out of an object.
 */
export function declarationOf(name: string, around: readonly Node[]): Place | undefined {
  for (const [index, scope] of around.entries()) {
    for (const declared of [...parametersOf(scope), ...statementsIn(scope)]) {
      if (!declares(declared.pattern, name)) continue;
      // The name of a part is found in what it is a part of; which part, is not looked for.
      return isNamed(declared.pattern, name) ? { node: declared.value, around: around.slice(index) } : undefined;
    }
  }
  return undefined;
}

/** True for a parameter, as `declarationOf` finds it. */
export function isParameter({ node, around: [inner] }: Place): boolean {
  return inner !== undefined && parametersOf(inner).some(({ value }) => value === node);
}

/** The position of a parameter among those of its function. */
export function positionOf({ node, around: [inner = {}] }: Place): number {
  return parametersOf(inner).findIndex(({ value }) => value === node);
}

/** The function of the same file that a call calls; `undefined` when it is none of these. */
export function calledFunction({ node, around }: Place): Place | undefined {
  const callee = node.callee as Node;
  const declared = callee.type === 'Identifier' ? declarationOf(String(callee.value), around) : undefined;
  return declared !== undefined && isFunction(declared.node) ? declared : undefined;
}

/** What a function returns, at each place where it does. */
export function returnedBy(called: Place): Place[] {
  const { body } = called.node;
  if (isNode(body) && !Array.isArray(body.stmts)) return [within(called, body)];
  const returns = [...placesIn(body, [called.node, ...called.around])].filter(
    ({ node, around }) => node.type === 'ReturnStatement' && around.find(isFunction) === called.node,
  );
  return returns.map((place) => within(place, place.node.argument));
}

type Declared = { readonly pattern: Node; readonly value: Node };

function isFunction({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'ArrowFunctionExpression' || type === 'FunctionExpression';
}

function parametersOf(scope: Node): Declared[] {
  if (!isFunction(scope)) return [];
  return (scope.params as Node[])
    .map((parameter) => (parameter.type === 'Parameter' ? (parameter.pat as Node) : parameter))
    .map((pattern) => ({ pattern, value: pattern }));
}

function statementsIn(scope: Node): Declared[] {
  const statements = [scope.stmts, scope.body].find(Array.isArray) as Node[] | undefined;
  return (statements ?? []).flatMap((statement) => {
    const declaration = statement.type === 'ExportDeclaration' ? (statement.declaration as Node) : statement;
    if (declaration.type === 'FunctionDeclaration') {
      return [{ pattern: declaration.identifier as Node, value: declaration }];
    }
    if (declaration.type !== 'VariableDeclaration') return [];
    return (declaration.declarations as { id: Node; init: Node }[]).map(({ id, init }) => ({
      pattern: id,
      value: init,
    }));
  });
}

function declares(pattern: Node, name: string): boolean {
  return [...placesIn(pattern)].some(({ node }) => isNamed(node, name));
}
