import { quantileBy, RATE_WINDOW, rateBy } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type About, type Panel, timeSeries } from './panel.ts';

const SPANS = 'mercato_spans_total';
const REDIS = 'db_client_operation_duration_seconds';
const OPERATION = 'db_operation_name, db_stored_procedure_name';
const OPERATION_LEGEND = '{{db_operation_name}} {{db_stored_procedure_name}}';

/** The processes: CPU, memory, event loop and garbage collection; span export; Redis. */
export function runtimeDashboard(): Dashboard {
  return dashboard({
    name: 'runtime',
    title: 'Runtime',
    description: 'The processes: CPU, memory, event loop and garbage collection; span export; Redis.',
    sections: [
      { title: 'Processes', columns: 3, height: 9, panels: [cpu(), memory(), heap()] },
      { title: 'Event loop', columns: 3, height: 9, panels: [utilization(), lag(), collection()] },
      { title: 'Spans', columns: 3, height: 9, panels: [sent(), lost(), queued()] },
      { title: 'Redis', columns: 4, height: 9, panels: [ready(), commands(), failures(), duration()] },
      { title: 'PostgreSQL', columns: 2, height: 9, panels: [databaseReady()] },
    ],
  });
}

function cpu(): Panel {
  return perService({
    title: 'CPU',
    description: 'CPU cores used by all processes of each service.',
    unit: 'suffix: cores',
    expr: rateBy('service', 'process_cpu_seconds_total'),
  });
}

function memory(): Panel {
  return perService({
    title: 'Resident memory',
    description: 'Of the largest process of each service.',
    unit: 'bytes',
    expr: 'max by (service) (process_resident_memory_bytes)',
  });
}

function heap(): Panel {
  return perService({
    title: 'Heap in use',
    description: 'Of the largest process of each service. A minimum that rises for hours is a leak.',
    unit: 'bytes',
    expr: 'max by (service) (nodejs_heap_size_used_bytes)',
  });
}

function utilization(): Panel {
  return perService({
    title: 'Event loop utilization',
    description: 'The share of time in which the event loop of the busiest process of each service is not idle.',
    unit: 'percentunit',
    expr: `max by (service) (rate(nodejs_eventloop_time_seconds_total{state="active"}[${RATE_WINDOW}]))`,
  });
}

function lag(): Panel {
  return perService({
    title: 'Event loop lag, p99',
    description: 'How late timers fire, 99th percentile, without the sampling interval.',
    unit: 's',
    // The measured value includes the sampling interval, which is what an idle process shows as its minimum.
    expr: 'max by (service) (nodejs_eventloop_lag_p99_seconds - nodejs_eventloop_lag_min_seconds)',
  });
}

function collection(): Panel {
  return perService({
    title: 'Garbage collection',
    description: 'The share of time in garbage collection, of the process of each service with the largest share.',
    unit: 'percentunit',
    expr: `max by (service) (sum without (kind) (rate(nodejs_gc_duration_seconds_sum[${RATE_WINDOW}])))`,
  });
}

function sent(): Panel {
  return perService({
    title: 'Exported spans',
    description: 'Spans that the collector accepted.',
    unit: 'cps',
    expr: rateBy('service', `${SPANS}{outcome="exported"}`),
  });
}

function lost(): Panel {
  return timeSeries({
    title: 'Lost spans',
    description: 'Spans that were dropped because the queue was full, or that the collector did not accept.',
    unit: 'cps',
    lines: [{ expr: rateBy('service, outcome', `${SPANS}{outcome!="exported"}`), legend: '{{service}} {{outcome}}' }],
  });
}

function queued(): Panel {
  return perService({
    title: 'Queued spans',
    description: 'Spans in the queue of each service. A queue holds 8,192; further spans are dropped.',
    unit: 'none',
    expr: 'sum by (service) (mercato_spans_queued)',
  });
}

function databaseReady(): Panel {
  return timeSeries({
    title: 'PostgreSQL readiness',
    description: 'Replicas of each service that can use PostgreSQL, as a share of all of its replicas.',
    unit: 'none',
    lines: [{ expr: 'avg by (service) (mercato_database_ready)', legend: '{{service}}' }],
  });
}

function ready(): Panel {
  return timeSeries({
    title: 'Redis readiness',
    description: 'Replicas of cartservice that reach Redis, and replicas that do not.',
    unit: 'none',
    lines: [
      { expr: 'sum(mercato_redis_ready)', legend: 'ready' },
      { expr: 'count(mercato_redis_ready) - sum(mercato_redis_ready)', legend: 'not ready' },
    ],
  });
}

function commands(): Panel {
  return timeSeries({
    title: 'Commands',
    description: 'Commands and scripts that cartservice sent to Redis.',
    unit: 'ops',
    lines: [{ expr: rateBy(OPERATION, `${REDIS}_count`), legend: OPERATION_LEGEND }],
  });
}

function failures(): Panel {
  return timeSeries({
    title: 'Failed commands',
    description: 'Not answered in time, or answered with an error. Each is a cart that could not be shown or changed.',
    unit: 'ops',
    lines: [{ expr: rateBy(OPERATION, `${REDIS}_count{outcome="failed"}`), legend: OPERATION_LEGEND }],
  });
}

function duration(): Panel {
  return timeSeries({
    title: 'Duration of commands, p95',
    description: '95 of 100 commands took no longer. A dot is one command: it leads to its trace.',
    unit: 's',
    exemplars: true,
    lines: [{ expr: quantileBy(0.95, OPERATION, REDIS), legend: OPERATION_LEGEND }],
  });
}

function perService({ expr, ...about }: About & { expr: string }): Panel {
  return timeSeries({ ...about, lines: [{ expr, legend: '{{service}}' }] });
}
