import { type ProcessTools, serviceMain } from '../lib/process/service-main.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { type LoadConfig, readConfig } from './config.ts';
import { runLines } from './log-lines.ts';
import { publishReport } from './publish-report.ts';
import { exitCode } from './report.ts';
import { start } from './service.ts';

/** A run ends when its time is over or by a signal. Either way the report is published and determines the exit code. */
async function startRun(config: LoadConfig, runtime: Runtime, { flush }: ProcessTools): Promise<RunningService> {
  const { stderr } = process;
  const generator = await start(config, runtime, stderr.isTTY ? stderr : undefined);
  const ended = generator.finished
    .then(async (report) => {
      await publishReport(report, { file: config.reportFile, out: stderr, log: runtime.log });
      await flush();
      process.exit(exitCode(report));
    })
    .catch((error: unknown) => {
      runtime.log.write(runLines.failed, { err: error });
      process.exit(1);
    });
  return {
    ...generator,
    [Symbol.asyncDispose]: async () => {
      await generator[Symbol.asyncDispose]();
      await ended;
    },
  };
}

void serviceMain({ name: 'loadgenerator', readConfig, start: startRun });
