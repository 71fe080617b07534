import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const service = loadSync(join(import.meta.dirname, 'otlp.proto'), { longs: Number })[
  'otlp.Collector'
] as ServiceDefinition;
const TRACES = service.Traces as MethodDefinition<TraceRequest, object>;
const METRICS = service.Metrics as MethodDefinition<MetricsRequest, object>;

interface Attribute {
  key: string;
  value: { stringValue?: string };
}

interface TraceRequest {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: WireSpan[] }[] }[];
}

interface WireSpan {
  traceId: Uint8Array | string;
  spanId: Uint8Array | string;
  parentSpanId?: Uint8Array | string;
  name: string;
  kind: number;
  status?: { code?: number };
}

interface MetricsRequest {
  resourceMetrics: { resource: { attributes: Attribute[] }; scopeMetrics: { metrics: WireMetric[] }[] }[];
}

interface WireMetric {
  name: string;
  gauge?: { dataPoints: { asDouble: number }[] };
  sum?: { dataPoints: { asDouble: number }[]; isMonotonic: boolean };
  histogram?: { dataPoints: { count: number; sum: number; bucketCounts: number[]; explicitBounds: number[] }[] };
}

export interface SeenSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  /** Empty: the root span of its trace. */
  parentId: string;
  failed: boolean;
}

export type SeenMetric = WireMetric & { service: string };

export interface Collector extends AsyncDisposable {
  url: string;
  spans: SeenSpan[];
  metrics: SeenMetric[];
  requests: { path: string; contentType: string; key: string }[];
}

/** Accepts OTLP over HTTP, in both of its encodings, as a collector does. */
export async function startCollector(): Promise<Collector> {
  const spans: SeenSpan[] = [];
  const metrics: SeenMetric[] = [];
  const requests: Collector['requests'] = [];
  const server = createServer(async (request, response) => {
    const { url: path = '' } = request;
    const contentType = request.headers['content-type'] ?? '';
    requests.push({ path, contentType, key: String(request.headers['x-key'] ?? '') });
    const body = await bodyOf(request);
    if (path === '/v1/traces') spans.push(...seenSpans(decode(TRACES, contentType, body)));
    else if (path === '/v1/metrics') metrics.push(...seenMetrics(decode(METRICS, contentType, body)));
    else response.statusCode = 404;
    response.setHeader('content-type', contentType).end(contentType.includes('json') ? '{}' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    spans,
    metrics,
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function decode<Request>(method: MethodDefinition<Request, object>, contentType: string, body: Buffer): Request {
  if (contentType === 'application/json') return JSON.parse(body.toString());
  if (contentType !== 'application/x-protobuf') throw new Error(`no OTLP: ${contentType}`);
  return method.requestDeserialize(body);
}

const serviceOf = ({ attributes }: { attributes: Attribute[] }) =>
  attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';

const hex = (id: Uint8Array | string = '') => (typeof id === 'string' ? id : Buffer.from(id).toString('hex'));

function seenSpans({ resourceSpans }: TraceRequest): SeenSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map(({ name, traceId, spanId, parentSpanId, status }) => ({
        service: serviceOf(resource),
        name,
        traceId: hex(traceId),
        spanId: hex(spanId),
        parentId: hex(parentSpanId),
        failed: status?.code === 2,
      })),
    ),
  );
}

function seenMetrics({ resourceMetrics }: MetricsRequest): SeenMetric[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap((scope) => scope.metrics.map((metric) => ({ ...metric, service: serviceOf(resource) }))),
  );
}
