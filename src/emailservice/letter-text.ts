import { FOOTER, type Letter } from './letter.ts';

const WIDTH = 64;
const RULE = '-'.repeat(WIDTH);

/** Renders a letter as plain text, wrapped at 64 columns between words. */
export function renderText(letter: Letter): string {
  const { notice } = letter;
  return [
    'MERCATO',
    '',
    letter.headline,
    RULE,
    ...wrap(letter.intro),
    '',
    ...(notice === undefined ? [] : [`* ${notice.title}`, ...wrap(notice.text, '  '), '']),
    letter.itemsTitle,
    RULE,
    ...letter.lines.flatMap(({ name, quantity, unitPrice, total }) => [
      ...wrap(name),
      amountRow(`  ${quantity} x ${unitPrice}`, total),
    ]),
    RULE,
    amountRow('Shipping', letter.shipping),
    amountRow('Total', letter.total),
    '',
    ...letter.details.flatMap(({ label, lines }) => [label, ...lines.flatMap((line) => wrap(line, '  ')), '']),
    '-- ',
    ...wrap(FOOTER),
    '',
  ].join('\n');
}

function amountRow(label: string, amount: string): string {
  return `${label} ${amount.padStart(WIDTH - label.length - 1)}`;
}

function wrap(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}
