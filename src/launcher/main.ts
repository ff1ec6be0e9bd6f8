import { type PrettyStream, default as pretty } from 'pino-pretty';
import { readEmailConfig } from '../emailservice/config.ts';
import { ConfigError, type Environment, environment } from '../lib/config.ts';
import { stopOnSignal } from '../lib/lifecycle.ts';
import { createLogger, type Logger } from '../lib/logger.ts';
import { codeVersion } from '../lib/version.ts';
import { type LauncherConfig, readLauncherConfig } from './config.ts';
import { startInstrumented } from './instrumented.ts';
import { startPerService } from './per-service.ts';
import { portProblem } from './port-check.ts';
import type { ObservedShop } from './shop.ts';
import { openingText, serviceRows } from './table.ts';
import { chooseTraces } from './traces.ts';

const STOP_LIMIT_MS = 8000;

/** Opens the whole shop on this machine, and closes it on Ctrl-C. */
async function main(env: Environment): Promise<void> {
  const config = readLauncherConfig(env);
  const problem = await portProblem(config.host, config.port);
  if (problem !== undefined) throw new ConfigError(problem);
  const version = codeVersion();
  const log = loggerOf('launcher', config, version);
  const traces = await chooseTraces(env);
  const shop = await openShop({ ...env, ...traces.variables }, config, log, version);
  stopOnSignal({ ...shop, address: shop.frontendAddress }, log, { delayMs: 0, limitMs: config.shutdownLimitMs });
  const { smtpUrl, mailDirectory } = readEmailConfig(env);
  const mails = smtpUrl === undefined ? `${mailDirectory}/` : 'by SMTP';
  const text = openingText(serviceRows(shop.instances, env), {
    url: `http://${shop.frontendAddress}/`,
    version,
    mails,
    traces: traces.text,
  });
  process.stdout.write(`\n${text}\n`);
}

async function openShop(env: Environment, config: LauncherConfig, log: Logger, version: string): Promise<ObservedShop> {
  const { host, port, logLevel, replicas } = config;
  const shared = { env: { ...env, LOG_LEVEL: logLevel }, frontend: { host, port } };
  if (config.perService) {
    return await startPerService({ ...shared, replicas, log, output: prettyOutput(), stopLimitMs: STOP_LIMIT_MS });
  }
  return await startInstrumented({ ...shared, version, logOf: (service) => loggerOf(service, config, version) });
}

// For a person at a terminal; a pipe gets the JSON that a log collector reads.
function prettyOutput(): PrettyStream | undefined {
  return process.stdout.isTTY ? pretty({ sync: true, ignore: 'version,pid,hostname' }) : undefined;
}

function loggerOf(service: string, config: LauncherConfig, version: string): Logger {
  const destination = prettyOutput();
  return createLogger({ service, version }, { level: config.logLevel, ...(destination ? { destination } : {}) });
}

main(environment()).catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
