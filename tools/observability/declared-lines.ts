import { events as cartEvents } from '../../src/cartservice/events.ts';
import { redisLines } from '../../src/cartservice/log-lines.ts';
import { events as checkoutEvents } from '../../src/checkoutservice/events.ts';
import { recoveryLines } from '../../src/checkoutservice/log-lines.ts';
import { events as emailEvents } from '../../src/emailservice/events.ts';
import { events as frontendEvents } from '../../src/frontend/events.ts';
import { requestLines } from '../../src/frontend/http/log-lines.ts';
import { supervisorLines } from '../../src/launcher/supervisor-lines.ts';
import { callLines } from '../../src/lib/grpc/log-lines.ts';
import type { LogLine } from '../../src/lib/log/log-line.ts';
import { metricLines } from '../../src/lib/metrics/log-lines.ts';
import { processLines } from '../../src/lib/process/log-lines.ts';
import { postgresLines } from '../../src/lib/store/postgres/log-lines.ts';
import type { BusinessEvent } from '../../src/lib/telemetry/business-event.ts';
import { runLines } from '../../src/loadgenerator/log-lines.ts';
import { events as paymentEvents } from '../../src/paymentservice/events.ts';
import { catalogueLines } from '../../src/recommendationservice/log-lines.ts';
import { events as shippingEvents } from '../../src/shippingservice/events.ts';
import { databaseServices } from '../../src/topology.ts';
import type { Writer } from './writers.ts';

/** Log lines of one module, and what writes them. */
export type WrittenLines = { readonly by: readonly Writer[]; readonly lines: Readonly<Record<string, LogLine>> };

/** Business events of one service. */
export type ReportedEvents = {
  readonly by: readonly [Writer];
  readonly lines: Readonly<Record<string, BusinessEvent>>;
};

/** The log lines of the platform and the services, except business events. */
export function declaredLines(): readonly WrittenLines[] {
  return [
    { by: ['every service', 'launcher'], lines: processLines },
    { by: ['every service', 'launcher'], lines: metricLines },
    { by: ['gRPC servers'], lines: callLines },
    { by: [...databaseServices].sort(), lines: postgresLines },
    { by: ['frontend'], lines: requestLines },
    { by: ['cartservice'], lines: redisLines },
    { by: ['checkoutservice'], lines: recoveryLines },
    { by: ['recommendationservice'], lines: catalogueLines },
    { by: ['loadgenerator'], lines: runLines },
    { by: ['launcher'], lines: supervisorLines },
  ];
}

/** The business events of every service. */
export function declaredEvents(): readonly ReportedEvents[] {
  return [
    { by: ['frontend'], lines: frontendEvents },
    { by: ['cartservice'], lines: cartEvents },
    { by: ['checkoutservice'], lines: checkoutEvents },
    { by: ['paymentservice'], lines: paymentEvents },
    { by: ['shippingservice'], lines: shippingEvents },
    { by: ['emailservice'], lines: emailEvents },
  ];
}
