import { settledHealth } from '../console/health.ts';
import { readConfig as readEmailConfig } from '../emailservice/config.ts';
import { ConfigError, type Environment, environment } from '../lib/config/config.ts';
import { stopOnSignal } from '../lib/process/lifecycle.ts';
import { codeVersion } from '../lib/runtime/version.ts';
import { type LauncherConfig, readLauncherConfig } from './config.ts';
import { startInstrumented } from './instrumented.ts';
import { openLogs, type ShopLogs } from './log-lines.ts';
import { openConsole, type ShopConsole } from './open-console.ts';
import { startPerService } from './per-service.ts';
import { portProblem, startProblem } from './port-check.ts';
import type { ObservedShop } from './shop.ts';
import { openingText, serviceRows } from './table.ts';
import { chooseTraces } from './traces.ts';

// Long enough for recommendationservice, which is ready once it has loaded the catalogue.
const READY_LIMIT_MS = 2000;

/** Starts the whole shop on this machine; Ctrl-C stops it. */
async function main(env: Environment): Promise<void> {
  const config = readLauncherConfig(env);
  const problem = await portProblem({ host: config.host, port: config.port, variable: 'PORT' });
  if (problem !== undefined) throw new ConfigError(problem);
  const version = codeVersion();
  const shopConsole = await openConsole(config.console, config.port);
  const logs = openLogs(config.logLevel, shopConsole?.addLine);
  const log = logs.loggerOf('launcher', version);
  const traces = await chooseTraces(env, { console: shopConsole?.address });
  const shop = await openShop({ ...env, ...traces.variables, LOG_LEVEL: logs.level }, config, logs, version);
  shopConsole?.watch(shop.instances);
  const stop = { delayMs: 0, limitMs: config.shutdownLimitMs };
  stopOnSignal({ ...withConsole(shop, shopConsole), address: shop.frontendAddress }, log, stop);
  const { smtpUrl, mailDirectory } = readEmailConfig(env);
  const checked = await settledHealth(shop.instances, { limitMs: READY_LIMIT_MS });
  const text = openingText(serviceRows(checked, env), {
    url: `http://${shop.frontendAddress}/`,
    version,
    console: shopConsole === undefined ? 'off' : `http://${shopConsole.address}/`,
    mails: smtpUrl === undefined ? `${mailDirectory}/` : 'by SMTP',
    traces: traces.text,
  });
  process.stdout.write(`\n${text}\n`);
}

async function openShop(
  env: Environment,
  config: LauncherConfig,
  logs: ShopLogs,
  version: string,
): Promise<ObservedShop> {
  const { host, port, replicas, shutdownLimitMs } = config;
  const shared = { env, frontend: { host, port } };
  if (!config.perService) {
    return await startInstrumented({ ...shared, version, logOf: (service) => logs.loggerOf(service, version) });
  }
  const log = logs.loggerOf('launcher', version);
  return await startPerService({ ...shared, replicas, log, takeLine: logs.take, shutdownLimitMs });
}

// The console closes last: services export spans to it until they have stopped.
function withConsole(shop: ObservedShop, shopConsole: ShopConsole | undefined): ObservedShop {
  return {
    ...shop,
    [Symbol.asyncDispose]: async () => {
      try {
        await shop[Symbol.asyncDispose]();
      } finally {
        await shopConsole?.[Symbol.asyncDispose]();
      }
    },
  };
}

main(environment()).catch((error: unknown) => {
  process.stderr.write(`${startProblem(error)}\n`);
  process.exit(1);
});
