/** A file that is generated as a whole, or one generated region of a file that is otherwise written by hand. */
export type Artifact = {
  /** From the project's root. */
  readonly path: string;
  /** The name of the region; absent for a whole file. */
  readonly region?: string;
  /** The lines of the region, without the indentation of its markers, or those of the whole file. */
  readonly lines: readonly string[];
};

/** A file as `make generate` writes it. */
export type GeneratedFile = { readonly path: string; readonly text: string };

/**
 * Puts artifacts into their files.
 *
 * @param read returns the text of a file of the project as it is now; it is called only for files with regions
 */
export function applyArtifacts(artifacts: readonly Artifact[], read: (path: string) => string): GeneratedFile[] {
  const texts = new Map<string, string>();
  for (const { path, region, lines } of artifacts) {
    const text =
      region === undefined ? `${lines.join('\n')}\n` : withRegion(texts.get(path) ?? read(path), region, lines);
    if (text === undefined) throw new Error(`${path} has no region "generated: ${region}"`);
    texts.set(path, text);
  }
  return [...texts].map(([path, text]) => ({ path, text }));
}

/**
 * Replaces what is between the two marker lines of a region. A marker is a comment of the file's own language:
 * `generated: NAME` opens the region, and more words may follow; `/generated: NAME` closes it.
 *
 * @returns undefined when the text has no such region
 */
function withRegion(text: string, name: string, lines: readonly string[]): string | undefined {
  const pattern = new RegExp(
    `^( *)((?:<!--|#|//|/\\*) generated: ${name}(?![a-z-]).*\\n)([\\s\\S]*?)^ *(?=(?:<!--|#|//|/\\*) /generated: ${name}(?![a-z-]))`,
    'm',
  );
  if (!pattern.test(text)) return undefined;
  return text.replace(pattern, (_match, indent: string, opening: string) => {
    const body = lines.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
    return `${indent}${opening}${body}${indent}`;
  });
}
