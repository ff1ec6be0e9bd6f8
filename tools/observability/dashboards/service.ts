import { braced, quantileBy, RATE_WINDOW, rateBy } from '../promql.ts';
import { type Dashboard, dashboard } from './dashboard.ts';
import { type Line, logs, type Panel, stat, timeSeries, traces } from './panel.ts';

const OWN = 'service="$service"';

/** One of the two sides of a service: what it answers, or what it asks of others. */
type Side = {
  /** Histograms of durations, each with the labels that tell its operations apart. The storefront answers requests, others calls. */
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
  noun: 'answered',
  verb: 'this service answered',
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
  verb: 'this service made',
  histograms: [
    {
      name: 'rpc_client_call_duration_seconds',
      by: 'server_service_name, rpc_method',
      legend: '{{server_service_name}} {{rpc_method}}',
      failed: 'rpc_status_code!="OK"',
    },
  ],
};

/** One service: rate, errors and duration of what it answers and of what it asks, how full it is, its logs and traces. */
export function serviceDashboard(): Dashboard {
  return dashboard({
    name: 'service',
    title: 'Service',
    description: 'One service: what it answers, what it asks of others, how full it is, its logs and its traces.',
    variable: {
      name: 'service',
      label: 'Service',
      values: 'label_values(mercato_build_info, service)',
      first: 'frontend',
    },
    sections: [
      { title: 'Now', columns: 4, height: 4, panels: [running(), atWork(), busy(), memory()] },
      { title: 'What it answers', columns: 3, height: 9, panels: [rate(SERVER), failures(SERVER), durations(SERVER)] },
      { title: 'How full it is', columns: 2, height: 8, panels: [inFlight(), quantiles()] },
      {
        title: 'What it asks of others',
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
    description: `How many calls ${side.verb}, by RPC; requests, by route, at the storefront.`,
    unit: 'reqps',
    lines: linesOf(side, ({ name, by, legend }) => ({ expr: rateBy(by, `${name}_count${braced(OWN)}`), legend })),
  });
}

function failures(side: Side): Panel {
  return timeSeries({
    title: `Calls ${side.noun} that did not go well`,
    description: `Calls ${side.verb} that ended in another status than OK, 4xx and 5xx at the storefront. Not each is a fault.`,
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
    description: `95 of 100 calls ${side.verb} took no longer. A dot is one of them: it leads to its trace.`,
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
    title: 'Duration of all that it answers',
    description: 'Half, 95 and 99 of 100 answers took no longer. A dot is one of them: it leads to its trace.',
    unit: 's',
    exemplars: true,
    lines,
  });
}

function inFlight(): Panel {
  const gauges = ['rpc_server_active_calls', 'http_server_active_requests'];
  return timeSeries({
    title: 'At work, and the limit',
    description:
      'Calls or requests at work in the fullest replica, and how many it takes at once. One more is refused.',
    unit: 'none',
    lines: gauges.flatMap((gauge) => [
      { expr: `max(${gauge}${braced(OWN)})`, legend: 'at work' },
      { expr: `min(${gauge}_limit${braced(OWN)})`, legend: 'limit' },
    ]),
  });
}

function running(): Panel {
  return stat({
    title: 'Replicas, by version',
    description: 'Processes of this service that can be asked for their metrics.',
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
    title: 'At work, of what is taken at once',
    description: 'Of the fullest replica. At 100 % it refuses one more.',
    unit: 'percentunit',
    decimals: 1,
    steps: [{ from: 0.8, color: 'red' }],
    lines: [share('rpc_server_active_calls'), share('http_server_active_requests')],
  });
}

function busy(): Panel {
  return stat({
    title: 'Event loop at work',
    description: 'Of the busiest process. Near 100 % calls wait for one another.',
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
    description: 'What this service wrote. A line that belongs to a call has its trace_id.',
    expr: '{service_name="$service"}',
  });
}

function newTraces(): Panel {
  return traces({
    title: 'Traces',
    description: 'The newest traces with a part in this service.',
    service: '$service',
    limit: 20,
  });
}
