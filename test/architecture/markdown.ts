/** The part of a Markdown text below a heading of the second level, up to the next one; `undefined` when it is not there. */
export function section(text: string, heading: string): string | undefined {
  const parts = text.split(/^## /m).slice(1);
  return parts.find((part) => part.startsWith(`${heading}\n`));
}

/** The headings of the second level, in their order. */
export function headings(text: string): string[] {
  return [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1] ?? '');
}

/** The rows of all tables in a Markdown text, as cells without surrounding blanks; heads and rules are left out. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const isRule = (line: string | undefined): boolean => line !== undefined && /^\|(?:\s*:?-+:?\s*\|)+$/.test(line);
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) => line.split('|').slice(1, -1).map(cell));
}

function cell(text: string): string {
  return text.trim();
}

/** The text between two backquotes that make up a whole cell; `undefined` for any other cell. */
export function quoted(text: string | undefined): string | undefined {
  return /^`([^`]*)`$/.exec(text ?? '')?.[1];
}
