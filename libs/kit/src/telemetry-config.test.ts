import { describe, expect, it } from 'vitest';
import { ConfigReader, type Environment } from './config-reader.ts';
import { readTelemetryConfig } from './telemetry-config.ts';

function read(env: Environment) {
  const reader = new ConfigReader(env);
  const telemetry = readTelemetryConfig(reader);
  return reader.finish({ telemetry }).telemetry;
}

const endpoint = 'http://collector:4318';

describe('the settings of telemetry', () => {
  it('are off without a collector, and where the SDK is disabled', () => {
    expect(read({})).toBeUndefined();
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined();
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  });

  it('have the defaults of OpenTelemetry', () => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/` })).toEqual({
      endpoint,
      protocol: 'http/protobuf',
      headers: {},
      sampledPerMillion: 1e6,
      metricIntervalMs: 60_000,
      spanDelayMs: 5_000,
    });
  });

  it('take headers and a share', () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%3Db, x-team = im ', OTEL_TRACES_SAMPLER_ARG: '0.001' };
    const telemetry = read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env });
    expect(telemetry?.headers).toEqual({ 'api-key': 'a=b', 'x-team': 'im' });
    expect(telemetry?.sampledPerMillion).toBe(1_000);
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a secret key'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_METRIC_EXPORT_INTERVAL', 'often'],
  ])('C15: refuse %s=%s by its name', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
    if (name.endsWith('HEADERS')) expect(() => read({ [name]: value })).not.toThrow(value);
  });
});
