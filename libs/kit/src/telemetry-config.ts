import type { ConfigReader } from './config-reader.ts';

export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json'] as const;

/** Where traces and metrics are sent; settings have OpenTelemetry's names. */
export interface TelemetryConfig {
  /** A collector's address for OTLP over HTTP, without `/v1/…`. */
  endpoint: string;
  protocol: (typeof OTLP_PROTOCOLS)[number];
  /** Additional request headers; they may contain a key. */
  headers: { readonly [name: string]: string };
  /** Number of traced messages per million sent. */
  sampledPerMillion: number;
  /** Interval of exports, in ms. */
  metricIntervalMs: number;
  spanDelayMs: number;
}

/** Undefined: off. */
export function readTelemetryConfig(reader: ConfigReader): TelemetryConfig | undefined {
  const isDisabled = reader.oneOf('OTEL_SDK_DISABLED', ['true', 'false'], 'false') === 'true';
  const endpoint = reader.parsed('OTEL_EXPORTER_OTLP_ENDPOINT', '', parseEndpoint);
  const config = {
    protocol: reader.oneOf('OTEL_EXPORTER_OTLP_PROTOCOL', OTLP_PROTOCOLS, 'http/protobuf'),
    headers: reader.parsed('OTEL_EXPORTER_OTLP_HEADERS', '', parseHeaders),
    sampledPerMillion: reader.parsed('OTEL_TRACES_SAMPLER_ARG', '1', parseRatio),
    metricIntervalMs: reader.integer('OTEL_METRIC_EXPORT_INTERVAL', 60_000, { min: 100, max: 3_600_000 }),
    spanDelayMs: reader.integer('OTEL_BSP_SCHEDULE_DELAY', 5_000, { min: 10, max: 600_000 }),
  };
  return isDisabled || endpoint === '' ? undefined : { endpoint, ...config };
}

function parseEndpoint(text: string): string {
  if (text === '') return '';
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) throw new Error('must be an http or https URL');
  return text.replace(/\/+$/, '');
}

/** `name=value,name=value`, percent-encoded. */
function parseHeaders(text: string): { [name: string]: string } {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', value = ''] = /^\s*([\w-]+)\s*=(.*)$/.exec(pair) ?? [];
      if (name === '') throw new Error('must be name=value pairs separated by commas');
      return [name, decodeURIComponent(value.trim())];
    }),
  );
}

function parseRatio(text: string): number {
  const ratio = Number(text);
  if (!(ratio >= 0 && ratio <= 1)) throw new Error('must be a number from 0 to 1');
  return Math.round(ratio * 1e6);
}
