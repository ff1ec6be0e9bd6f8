import { braced, quantileBy, RATE_WINDOW, rateBy } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type Line, logs, type Panel, stat, timeSeries, traces } from './panel.ts';

const OWN = 'service="$service"';

/** One of the two sides of a service: the calls that it serves, or the calls that it makes. */
type Side = {
  /** Histograms of durations, each with the labels of its operations. The storefront serves requests, other services calls. */
  readonly histograms: readonly {
    readonly name: string;
    readonly by: string;
    readonly legend: string;
    readonly failed: string;
  }[];
  readonly noun: string;
  readonly verb: string;
};

const SERVER: Side = {
  noun: 'served',
  verb: 'that this service served',
  histograms: [
    {
      name: 'rpc_server_call_duration_seconds',
      by: 'rpc_method',
      legend: '{{rpc_method}}',
      failed: 'rpc_status_code!="OK"',
    },
    {
      name: 'http_server_request_duration_seconds',
      by: 'http_request_method, http_route',
      legend: '{{http_request_method}} {{http_route}}',
      failed: 'http_response_status_code=~"[45].."',
    },
  ],
};

const CLIENT: Side = {
  noun: 'made',
  verb: 'that this service made',
  histograms: [
    {
      name: 'rpc_client_call_duration_seconds',
      by: 'server_service_name, rpc_method',
      legend: '{{server_service_name}} {{rpc_method}}',
      failed: 'rpc_status_code!="OK"',
    },
  ],
};

/** One service: rate, errors and duration of the calls it serves and makes, saturation, logs and traces. */
export function serviceDashboard(): Dashboard {
  return dashboard({
    name: 'service',
    title: 'Service',
    description:
      'One service: rate, errors and duration of the calls it serves and makes, saturation, logs and traces.',
    variable: {
      name: 'service',
      label: 'Service',
      values: 'label_values(mercato_build_info, service)',
      first: 'frontend',
    },
    sections: [
      { title: 'Now', columns: 4, height: 4, panels: [running(), atWork(), busy(), memory()] },
      { title: 'Calls served', columns: 3, height: 9, panels: [rate(SERVER), failures(SERVER), durations(SERVER)] },
      { title: 'Saturation', columns: 2, height: 8, panels: [inFlight(), quantiles()] },
      {
        title: 'Calls made',
        columns: 3,
        height: 9,
        panels: [rate(CLIENT), failures(CLIENT), durations(CLIENT)],
      },
      { title: 'Logs and traces', columns: 2, height: 12, panels: [logLines(), newTraces()] },
    ],
  });
}

function linesOf({ histograms }: Side, line: (histogram: Side['histograms'][number]) => Line): Line[] {
  return histograms.map(line);
}

function rate(side: Side): Panel {
  return timeSeries({
    title: `Calls ${side.noun}`,
    description: `Calls ${side.verb}, by RPC; requests by route at the storefront.`,
    unit: 'reqps',
    lines: linesOf(side, ({ name, by, legend }) => ({ expr: rateBy(by, `${name}_count${braced(OWN)}`), legend })),
  });
}

function failures(side: Side): Panel {
  return timeSeries({
    title: `Calls ${side.noun}, not OK`,
    description: `Calls ${side.verb} with a status other than OK; 4xx and 5xx at the storefront. Not every one is a fault.`,
    unit: 'reqps',
    lines: linesOf(side, ({ name, by, legend, failed }) => {
      const status = name.startsWith('http') ? 'http_response_status_code' : 'rpc_status_code';
      return {
        expr: rateBy(`${by}, ${status}`, `${name}_count${braced(`${OWN}, ${failed}`)}`),
        legend: `${legend} {{${status}}}`,
      };
    }),
  });
}

function durations(side: Side): Panel {
  return timeSeries({
    title: `Duration of calls ${side.noun}, p95`,
    description: `95 % of the calls ${side.verb} took no longer. A dot is one call and links to its trace.`,
    unit: 's',
    exemplars: true,
    lines: linesOf(side, ({ name, by, legend }) => ({ expr: quantileBy(0.95, by, name, OWN), legend })),
  });
}

function quantiles(): Panel {
  const lines = [0.5, 0.95, 0.99].flatMap((quantile) =>
    linesOf(SERVER, ({ name }) => ({
      expr: quantileBy(quantile, '', name, OWN),
      legend: `p${quantile * 100}`,
    })),
  );
  return timeSeries({
    title: 'Duration of all calls served',
    description: '50, 95 and 99 % of the calls took no longer. A dot is one call and links to its trace.',
    unit: 's',
    exemplars: true,
    lines,
  });
}

function inFlight(): Panel {
  const gauges = ['rpc_server_active_calls', 'http_server_active_requests'];
  return timeSeries({
    title: 'In-flight calls and their limit',
    description:
      'Calls or requests in flight in the busiest replica, and its limit. At the limit further ones are refused.',
    unit: 'none',
    lines: gauges.flatMap((gauge) => [
      { expr: `max(${gauge}${braced(OWN)})`, legend: 'in flight' },
      { expr: `min(${gauge}_limit${braced(OWN)})`, legend: 'limit' },
    ]),
  });
}

function running(): Panel {
  return stat({
    title: 'Replicas by version',
    description: 'Processes of this service that Prometheus scrapes.',
    unit: 'none',
    lines: [{ expr: `count by (version) (mercato_build_info${braced(OWN)})`, legend: '{{version}}' }],
  });
}

function atWork(): Panel {
  const share = (gauge: string): Line => ({
    expr: `max(${gauge}${braced(OWN)} / ${gauge}_limit${braced(OWN)})`,
    legend: '',
  });
  return stat({
    title: 'In-flight calls relative to the limit',
    description: 'Of the busiest replica. At 100 % further calls are refused.',
    unit: 'percentunit',
    decimals: 1,
    steps: [{ from: 0.8, color: 'red' }],
    lines: [share('rpc_server_active_calls'), share('http_server_active_requests')],
  });
}

function busy(): Panel {
  return stat({
    title: 'Event loop utilization',
    description: 'Of the busiest process. Near 100 % calls queue for the event loop.',
    unit: 'percentunit',
    decimals: 1,
    steps: [{ from: 0.9, color: 'red' }],
    lines: [
      {
        expr: `max(rate(nodejs_eventloop_time_seconds_total${braced(`${OWN}, state="active"`)}[${RATE_WINDOW}]))`,
        legend: '',
      },
    ],
  });
}

function memory(): Panel {
  return stat({
    title: 'Memory',
    description: 'Resident memory of the largest process.',
    unit: 'bytes',
    lines: [{ expr: `max(process_resident_memory_bytes${braced(OWN)})`, legend: '' }],
  });
}

function logLines(): Panel {
  return logs({
    title: 'Logs',
    description: 'The log of this service. A line written during a call has its trace_id.',
    expr: '{service_name="$service"}',
  });
}

function newTraces(): Panel {
  return traces({
    title: 'Traces',
    description: 'The newest traces with a span of this service.',
    service: '$service',
    limit: 20,
  });
}
