import { serviceMain } from '../lib/process/service-main.ts';
import { isEdge, isLaunchable, loadService } from './services.ts';

/** Sent to the launcher once the service listens: `host:port` of the service and of its metrics. */
export type StartedMessage = { readonly started: string; readonly metrics: string };

/** Runs one service as a child process of the launcher: reports its addresses, and exits when the launcher exits. */
async function main(name: string): Promise<void> {
  if (!isLaunchable(name)) throw new Error(`no such service: ${name}`);
  const service = await loadService(name);
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  await serviceMain({
    name,
    isEdge: isEdge(name),
    readConfig: (env) => {
      const { config, start } = service.configure(env);
      return { ...config, start };
    },
    start: async (config, runtime, { metricsAddress }) => {
      const running = await config.start(runtime);
      const message: StartedMessage = { started: running.address, metrics: metricsAddress };
      process.send?.(message);
      return running;
    },
  });
}

void main(process.argv[2] ?? '');
