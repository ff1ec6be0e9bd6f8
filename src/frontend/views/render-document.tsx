import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole HTML document, ready to send: the doctype and the rendered page. */
export function renderDocument(node: VNode): string {
  return `<!doctype html>${renderToString(node)}`;
}
