import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { z } from 'zod';
import { ConfigError, type Environment, environment, readVariables } from '../lib/config/config.ts';
import { DomainError } from '../lib/errors.ts';
import { createLogger } from '../lib/log/logger.ts';
import { databaseConfig, databaseVariables } from '../lib/process/process-config.ts';
import { openStore } from '../lib/store/postgres/with-store.ts';
import { readOperatorCommand, USAGE } from './operator/operator-command.ts';
import { runOperatorCommand } from './operator/run-operator-command.ts';
import { orderAdapters } from './store/order-adapters.ts';

const SERVICE = 'checkoutservice';

/** The tool of operators: `make orders ARGS="list"`. Exits with 1 when the command is impossible, and with 2 when it is malformed. */
async function main(args: readonly string[], env: Environment): Promise<number> {
  const command = readOperatorCommand(args, userName());
  if (typeof command === 'string') {
    process.stderr.write(`orders: ${command}\n\n${USAGE}`);
    return 2;
  }
  try {
    const config = databaseConfig(SERVICE, readVariables(z.object(databaseVariables), env));
    // An error of the store is printed as the result of the command.
    const log = createLogger({ service: SERVICE, version: '' }, { level: 'silent' });
    const adapters = orderAdapters({ newId: randomUUID });
    await using opened = await openStore({ ...config, runtime: { service: SERVICE, log } }, adapters);
    const { ok, lines } = await runOperatorCommand(opened.store, command, Date.now());
    (ok ? process.stdout : process.stderr).write(lines.map((line) => `${ok ? '' : 'orders: '}${line}\n`).join(''));
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DomainError)) throw error;
    process.stderr.write(`orders: ${error.message}\n`);
    return 1;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

void main(process.argv.slice(2), environment()).then((code) => {
  process.exitCode = code;
});
