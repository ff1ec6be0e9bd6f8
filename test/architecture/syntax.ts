import { parseSync } from '@swc/core';
import type { SourceFile } from './source-files.ts';

/** A node of a syntax tree, not interpreted. */
export type Node = { readonly type?: string; readonly [key: string]: unknown };

/**
 * The syntax tree of a file.
 *
 * @throws {Error} when it is not TypeScript
 */
export function parse(file: SourceFile): unknown {
  try {
    return parseSync(file.text, { syntax: 'typescript', tsx: file.path.endsWith('.tsx') });
  } catch (cause) {
    throw new Error(`${file.path} is not TypeScript`, { cause });
  }
}

/** Visits every node of a tree, from above. */
export function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) walk(element, visit);
  } else if (isNode(value)) {
    visit(value);
    for (const child of Object.values(value)) walk(child, visit);
  }
}

/** True for what may be a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
