import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from './artifact.ts';

const FOLDER = 'docs/adr';

/**
 * The table of decision records in docs/adr/README.md.
 *
 * @throws {Error} when a record has no title or no date
 */
export function decisionIndex(root: string): Artifact[] {
  const records = readdirSync(join(root, FOLDER)).filter((file) => /^\d{4}-.*\.md$/.test(file));
  const rows = records.sort().map((file) => row(file, readFileSync(join(root, FOLDER, file), 'utf8')));
  return [
    {
      path: `${FOLDER}/README.md`,
      region: 'decisions',
      lines: ['| number | decision | date |', '|---|---|---|', ...rows],
    },
  ];
}

function row(file: string, text: string): string {
  const [, number, title] = /^# (\d{4}): (.*)$/m.exec(text) ?? [];
  const [, date] = /^- \*\*Date:\*\* (\d{4}-\d{2}-\d{2})$/m.exec(text) ?? [];
  if (number === undefined || date === undefined) throw new Error(`${FOLDER}/${file} has no title or no date`);
  return `| [${number}](${file}) | ${title} | ${date} |`;
}
