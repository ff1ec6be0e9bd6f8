import { codePathsBelow, isTestCode, readSource, type SourceFile } from '../architecture/source-files.ts';
import { type Node, parse } from '../architecture/syntax.ts';
import {
  argumentsOf,
  calledFunction,
  declarationOf,
  isNamed,
  isParameter,
  type Place,
  placesIn,
  returnedBy,
  within,
} from './scopes.ts';

/** A place in the code that begins a span. */
export type SpanSite = {
  readonly path: string;
  /** As documents write it: `server`. */
  readonly kind: string;
  /** The names it may have; what is known only when it runs is `<>`. */
  readonly names: readonly string[];
};

/** What stands for the parts of a name that are known only when it runs. */
export const HOLE = '<>';

// It begins the spans that others hand to it.
const IN_SPAN = 'src/lib/telemetry/in-span.ts';

/**
 * Every place in `src` that begins a span.
 *
 * @throws {Error} when the code does not say of which kind a span is
 */
export function spanSites(): SpanSite[] {
  return codePathsBelow('src')
    .filter((path) => !isTestCode(path) && path !== IN_SPAN)
    .flatMap((path) => spanSitesIn(readSource(path)));
}

/** The same of one file. */
export function spanSitesIn(file: SourceFile): SpanSite[] {
  return [...placesIn(parse(file))].flatMap((place) => {
    const begun = beginningIn(place);
    if (begun === undefined) return [];
    const kind = begun.kind?.node.property as Node | undefined;
    if (begun.name === undefined || kind === undefined) {
      throw new Error(`${file.path} begins a span whose name and kind are not written there`);
    }
    return [{ path: file.path, kind: String(kind.value).toLowerCase(), names: namesOf(begun.name) }];
  });
}

/** The name and the kind in `tracer.startSpan(name, { kind })` and `inSpan(tracer, { name, kind }, work)`. */
function beginningIn(place: Place): { name: Place | undefined; kind: Place | undefined } | undefined {
  if (place.node.type !== 'CallExpression') return undefined;
  const { property, ...callee } = place.node.callee as Node;
  const [first, second] = argumentsOf(place);
  if (isNamed(property, 'startSpan')) return { name: first, kind: propertyOf(second, 'kind') };
  if (!isNamed(callee, 'inSpan')) return undefined;
  return { name: propertyOf(second, 'name'), kind: propertyOf(second, 'kind') };
}

/** A property of an object that is written here, or made by a function of the file. */
function propertyOf(object: Place | undefined, name: string): Place | undefined {
  if (object?.node.type === 'CallExpression') {
    const called = calledFunction(object);
    return called === undefined ? undefined : propertyOf(returnedBy(called)[0], name);
  }
  if (object?.node.type !== 'ObjectExpression') return undefined;
  const found = (object.node.properties as Node[]).find((one) => isNamed(one, name) || isNamed(one.key, name));
  return found === undefined ? undefined : within(object, found.type === 'Identifier' ? found : found.value);
}

function namesOf(place: Place): string[] {
  const { node, around } = place;
  switch (node.type) {
    case 'StringLiteral':
      return [String(node.value)];
    case 'TemplateLiteral':
      return [(node.quasis as Node[]).map(({ cooked }) => String(cooked)).join(HOLE)];
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap((branch) => namesOf(within(place, branch)));
    case 'Identifier': {
      const declared = declarationOf(String(node.value), around);
      return declared === undefined || isParameter(declared) ? [HOLE] : namesOf(declared);
    }
    case 'CallExpression': {
      const called = calledFunction(place);
      return called === undefined ? [HOLE] : returnedBy(called).flatMap(namesOf);
    }
    default:
      return [HOLE];
  }
}
