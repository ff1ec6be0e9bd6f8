import { codePathsBelow, isTestCode, readSource, type SourceFile } from '../architecture/source-files.ts';
import { type Node, parse, walk } from '../architecture/syntax.ts';

/** A place in the code that writes a log line. */
export type LogCall = { readonly path: string; readonly level: string; readonly message: string };

const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'];

/** Every place in `src` that writes a log line. One whose level is computed counts once for each level it may have. */
export function logCalls(): LogCall[] {
  return codePathsBelow('src')
    .filter((path) => !isTestCode(path))
    .flatMap((path) => logCallsIn(readSource(path)));
}

function logCallsIn(file: SourceFile): LogCall[] {
  const found: LogCall[] = [];
  walk(parse(file), (node) => {
    if (node.type !== 'CallExpression') return;
    const [first, second] = (node.arguments as { expression: Node }[]).map(({ expression }) => expression);
    const isReport = isNamed(node.callee as Node, 'report');
    const levels = isReport ? stringsIn(first) : levelsOf(node.callee as Node);
    for (const level of levels.filter((word) => LEVELS.includes(word))) {
      const [message] = stringsIn(second);
      if (message === undefined) throw new Error(`${file.path} logs a message that is computed`);
      found.push({ path: file.path, level, message });
    }
  });
  return found;
}

/** The levels of `log.info`, `runtime.log.info` or `log[ready ? 'info' : 'warn']`; none for another callee. */
function levelsOf(callee: Node): string[] {
  if (callee.type !== 'MemberExpression') return [];
  const [object, property] = [callee.object as Node, callee.property as Node];
  if (!isNamed(object, 'log') && !isNamed((object.property ?? {}) as Node, 'log')) return [];
  return property.type === 'Identifier' ? [String(property.value)] : stringsIn(property.expression as Node);
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.value === name;
}

function stringsIn(node: Node | undefined): string[] {
  const strings: string[] = [];
  walk(node, ({ type, value }) => {
    if (type === 'StringLiteral') strings.push(String(value));
  });
  return strings;
}
