import { readExposition } from '../lib/metrics/exposition.ts';
import { changeOf, countsOf, edgesOf } from './edge-stats.ts';

const CALL = 'rpc_client_call_duration_seconds';
const REQUEST = 'http_server_request_duration_seconds';
const call = (status: string): string =>
  `service="frontend",server_service_name="cartservice",rpc_method="M",rpc_status_code="${status}"`;
const request = (route: string, status: string): string =>
  `service="frontend",http_request_method="GET",http_route="${route}",http_response_status_code="${status}"`;

const counts = countsOf(
  readExposition(
    [
      `${CALL}_bucket{le="0.01",${call('OK')}} 80`,
      `${CALL}_bucket{le="0.1",${call('OK')}} 90`,
      `${CALL}_bucket{le="+Inf",${call('OK')}} 90`,
      `${CALL}_sum{${call('OK')}} 4`,
      `${CALL}_count{${call('OK')}} 90`,
      `${CALL}_bucket{le="0.01",${call('UNAVAILABLE')}} 0`,
      `${CALL}_bucket{le="0.1",${call('UNAVAILABLE')}} 10`,
      `${CALL}_bucket{le="+Inf",${call('UNAVAILABLE')}} 10`,
      `${CALL}_count{${call('UNAVAILABLE')}} 10`,
      `${REQUEST}_count{${request('/', '200')}} 30`,
      `${REQUEST}_count{${request('/cart', '503')}} 10`,
      `${REQUEST}_count{${request('/cart', '404')}} 20`,
      `${REQUEST}_count{${request('/static/*', '200')}} 1000`,
      'mercato_cart_adds_total{service="cartservice"} 7',
      'nodejs_eventloop_time_seconds_total{service="frontend",state="active"} 1.5',
    ].join('\n'),
  ),
);

describe('the calls between two services', () => {
  it('have a rate, an error ratio and a 95th percentile', () => {
    expect(edgesOf([counts], 10)).toEqual([
      { from: 'frontend', to: 'cartservice', perSecond: 10, errorRatio: 0.1, p95Ms: expect.closeTo(77.5, 5) },
      // Pages only: neither files nor what a shopper asked for that is not there.
      { from: 'shoppers', to: 'frontend', perSecond: 6, errorRatio: 10 / 60, p95Ms: 0 },
    ]);
  });

  it('are summed over the processes of a service', () => {
    expect(edgesOf([counts, counts], 10)[0]).toMatchObject({ perSecond: 20, errorRatio: 0.1 });
  });

  it('are read together with the busy time of the event loop', () => {
    expect(counts.get('active')).toBe(1.5);
    expect(changeOf(counts, counts).get('active')).toBe(0);
  });

  it('are those between two scrapes', () => {
    expect(edgesOf([changeOf(counts, counts)], 10)[0]).toMatchObject({ perSecond: 0, errorRatio: 0, p95Ms: undefined });
    expect(edgesOf([changeOf(undefined, counts)], 10)[0]).toMatchObject({ perSecond: 10 });
  });

  it('count from zero after a restart of the process', () => {
    const many = new Map([...counts].map(([key, value]) => [key, value * 5]));
    expect(changeOf(many, counts)).toEqual(counts);
  });
});
