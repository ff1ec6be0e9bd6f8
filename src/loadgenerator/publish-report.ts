import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../lib/log/logger.ts';
import { runLines } from './log-lines.ts';
import { type LoadReport, reportTable } from './report.ts';

/**
 * Publishes a report as a table on standard output, as one log line, and as JSON in a file, if one is named.
 *
 * @throws {Error} when the file cannot be written; the table and the log line are written before
 */
export async function publishReport(
  report: LoadReport,
  to: { file: string | undefined; out: { readonly write: (text: string) => unknown }; log: Logger },
): Promise<void> {
  to.out.write(reportTable(report));
  to.log.write(runLines.report, { report });
  if (to.file === undefined) return;
  await mkdir(dirname(to.file), { recursive: true });
  await writeFile(to.file, `${JSON.stringify(report, undefined, 2)}\n`);
}
