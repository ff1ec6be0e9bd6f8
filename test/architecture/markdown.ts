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

/** The targets of the links and images in a Markdown text that are not absolute addresses, outside of code. */
export function relativeLinks(text: string): string[] {
  const prose = withoutCodeBlocks(text).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?:<([^>]+)>|([^)\s]+))(?:\s+"[^"]*")?\)/g)]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors that GitHub gives to the headings of a Markdown text. */
export function anchors(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCodeBlocks(text).matchAll(/^#{1,6} (.*)$/gm)].map((match) => {
    const plain = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    const repeated = seen.get(slug) ?? 0;
    seen.set(slug, repeated + 1);
    return repeated === 0 ? slug : `${slug}-${repeated}`;
  });
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}
