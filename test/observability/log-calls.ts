import { codePathsBelow, isTestCode, readSource, type SourceFile } from '../architecture/source-files.ts';
import { type Node, parse, walk } from '../architecture/syntax.ts';
import { fieldsOf } from './fields.ts';
import { argumentsOf, isNamed, type Place, placesIn } from './scopes.ts';

/** A place in the code that writes a log line. */
export type LogCall = {
  readonly path: string;
  readonly level: string;
  readonly message: string;
  /** The names of all fields it may have. */
  readonly fields: readonly string[];
  /** True when it is an event of the span it happens in, too. */
  readonly isEvent: boolean;
};

const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'];

/**
 * Every place in `src` that writes a log line. One whose level is computed counts once for each level it may have.
 *
 * @throws {Error} when the code does not say which message, or which fields, a line has
 */
export function logCalls(): LogCall[] {
  return codePathsBelow('src')
    .filter((path) => !isTestCode(path))
    .flatMap((path) => logCallsIn(readSource(path)));
}

/** The same of one file. */
export function logCallsIn(file: SourceFile): LogCall[] {
  return [...placesIn(parse(file))]
    .filter(({ node }) => node.type === 'CallExpression')
    .flatMap((call) => {
      const isEvent = isReport(call);
      const [first, second, third] = argumentsOf(call);
      const levels = isEvent ? levelsIn(first?.node) : levelsOf(call);
      return levels.map((level) => {
        const [message] = stringsIn(second?.node);
        if (message === undefined) throw new Error(`${file.path} logs a message that is computed`);
        return { path: file.path, level, message, isEvent, fields: fieldsIn(isEvent ? third : first, file, message) };
      });
    });
}

function fieldsIn(place: Place | undefined, file: SourceFile, message: string): string[] {
  try {
    return [...new Set(fieldsOf(place ?? { node: {}, around: [] }))].sort();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new Error(`the fields of "${message}" are to be written in ${file.path}, where it is logged: ${why}`, {
      cause,
    });
  }
}

/** True for `report('info', 'order placed', fields)`, whatever the reporter is called. */
function isReport(call: Place): boolean {
  const [level, , fields] = argumentsOf(call);
  return (call.node.callee as Node).type === 'Identifier' && fields !== undefined && levelsIn(level?.node).length > 0;
}

/** The levels of `log.info`, `runtime.log.info` or `log[ready ? 'info' : 'warn']`, whatever the logger is called. */
function levelsOf(call: Place): string[] {
  const callee = call.node.callee as Node;
  if (callee.type !== 'MemberExpression') return [];
  const [object, property] = [callee.object as Node, callee.property as Node];
  const [, message] = argumentsOf(call);
  const isLog = isNamed(object, 'log') || isNamed(object.property, 'log') || message?.node.type === 'StringLiteral';
  if (!isLog) return [];
  return property.type === 'Identifier' ? levels([String(property.value)]) : levelsIn(property.expression as Node);
}

function levelsIn(node: Node | undefined): string[] {
  return levels(stringsIn(node));
}

function levels(words: readonly string[]): string[] {
  return words.filter((word) => LEVELS.includes(word));
}

function stringsIn(node: Node | undefined): string[] {
  const strings: string[] = [];
  walk(node, ({ type, value }) => {
    if (type === 'StringLiteral') strings.push(String(value));
  });
  return strings;
}
