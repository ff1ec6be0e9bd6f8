/** The text below a second-level heading, up to the next one; `undefined` when the heading does not exist. */
export function section(text: string, heading: string): string | undefined {
  const parts = text.split(/^## /m).slice(1);
  return parts.find((part) => part.startsWith(`${heading}\n`));
}

/** The second-level headings, in their order. */
export function headings(text: string): string[] {
  return [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1] ?? '');
}

/** The rows of all tables, as trimmed cells, without header rows and delimiter rows. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const isDelimiter = (line: string | undefined): boolean => line !== undefined && /^\|(?:\s*:?-+:?\s*\|)+$/.test(line);
  return lines
    .filter((line, index) => line.startsWith('|') && !isDelimiter(line) && !isDelimiter(lines[index + 1]))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The content of a cell that consists of one code span; `undefined` for any other cell. */
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
