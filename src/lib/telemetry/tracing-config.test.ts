import { z } from 'zod';
import { type Environment, readVariables } from '../config/config.ts';
import { tracingConfig, tracingVariables } from './tracing-config.ts';

const read = (env: Environment) => tracingConfig(readVariables(z.object(tracingVariables), env));

describe('tracingConfig', () => {
  it('samples every trace and exports it as OTLP to localhost by default', () => {
    expect(read({})).toEqual({
      exporter: 'otlp',
      otlpUrl: 'http://localhost:4318/v1/traces',
      jaegerUrl: 'http://localhost:14268/api/traces',
      ratio: 1,
    });
  });

  it.each([
    ['http://collector:4318', 'http://collector:4318/v1/traces'],
    ['http://collector:4318/', 'http://collector:4318/v1/traces'],
    ['https://collector/tenant/a', 'https://collector/tenant/a/v1/traces'],
  ])('appends the path of the receiver to %s', (OTEL_EXPORTER_OTLP_ENDPOINT, url) => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT }).otlpUrl).toBe(url);
  });

  it.each([
    ['0', 0],
    ['1', 1],
    ['0.01', 0.01],
    ['.5', 0.5],
    ['1.0', 1],
  ])('reads %s as the sampled share %d', (OTEL_TRACES_SAMPLER_ARG, ratio) => {
    expect(read({ OTEL_TRACES_SAMPLER_ARG }).ratio).toBe(ratio);
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'an http or https URL'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'not a URL', 'an http or https URL'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://collector', 'an http or https URL'],
    ['OTEL_EXPORTER_JAEGER_ENDPOINT', '//collector/api/traces', 'an http or https URL'],
    ['TRACES_EXPORTER', 'zipkin', 'otlp, jaeger, console or none'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1', 'a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '50%', 'a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '-1', 'a number from 0 to 1'],
  ])('refuses %s=%s in one line', (name, value, expected) => {
    expect(() => read({ [name]: value })).toThrow(
      new Error(`The configuration cannot be used:\n  ${name}=${value}: expected ${expected}`),
    );
  });
});
