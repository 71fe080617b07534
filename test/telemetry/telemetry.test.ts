import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { get, openDevice, until } from '../journeys/devices.ts';
import { type Collector, type SeenSpan, startCollector } from './collector.ts';

const FAST = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_METRIC_EXPORT_INTERVAL: '200' };

function clusterWith(collector: Collector, env: { [name: string]: string } = {}): Promise<TestCluster> {
  return startTestCluster({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...FAST, ...env } });
}

/** Each span of a trace as its name after those of its ancestors. */
function ways(spans: readonly SeenSpan[], traceId: string): string[] {
  const own = new Map(spans.filter((span) => span.traceId === traceId).map((span) => [span.spanId, span]));
  const way = (span: SeenSpan): string => {
    const parent = own.get(span.parentId);
    const name = `${span.service.replace('chasqui-', '')}: ${span.name}`;
    return parent === undefined ? (span.parentId === '' ? name : `? > ${name}`) : `${way(parent)} > ${name}`;
  };
  return [...own.values()].map(way);
}

/** Sends a message that carries a trace id, from a raw socket. */
async function sendTraced(cluster: TestCluster, traceparent: string): Promise<void> {
  const socket = new WebSocket(cluster.running.connect[0]?.wsUrl ?? '');
  const frames: { type: string }[] = [];
  socket.onmessage = ({ data }) => frames.push(JSON.parse(String(data)));
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  send({ type: 'login', token: await cluster.token('cat'), deviceId: 'd' });
  send({ type: 'chat', clientMessageId: '1', to: 'ben', content: { text: 'traced' }, traceparent });
  await until(() => frames.some(({ type }) => type === 'server_ack'), 'it is stored');
  socket.close();
}

const ACCEPT = 'connect: accept';
const STORE = `${ACCEPT} > connect: publish > business: store`;

describe('traces and metrics of a message between two nodes', () => {
  let collector: Collector;
  let cluster: TestCluster;
  beforeAll(async () => {
    collector = await startCollector();
    cluster = await clusterWith(collector, { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20secret' });
  }, 60_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await collector?.[Symbol.asyncDispose]();
  });

  const traceWith = (name: string) => collector.spans.find((span) => span.name === name)?.traceId ?? '';

  it('is one connected trace: accept, publish, peer delivery, store, index', async () => {
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben', node: 2 });
    await ann.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
    await until(() => ben.shown.length === 1, 'it arrives');
    await until(() => collector.spans.some(({ name }) => name === 'index'), 'the last span');
    const seen = ways(collector.spans, traceWith('accept'));
    expect(new Set(seen)).toEqual(
      new Set([
        ACCEPT,
        `${ACCEPT} > connect: publish`,
        // To the other node over gRPC.
        `${ACCEPT} > connect: push to sockets`,
        STORE,
        // server_ack and stored.
        `${STORE} > connect: push to sockets`,
        `${STORE} > datasync: index`,
      ]),
    );
  });

  it('goes on where the receiver is away: push task', async () => {
    const before = collector.spans.length;
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    await ann.client.send({ to: 'nobody', content: { text: 'hello?' } }).stored;
    await until(() => collector.spans.some(({ name }) => name === 'notify'), 'the push task');
    const seen = ways(collector.spans.slice(before), traceWith('notify'));
    expect(seen.some((way) => way.startsWith(ACCEPT) && way.endsWith(' > push: notify'))).toBe(true);
    expect(seen.some((way) => way.startsWith('?'))).toBe(false);
  });

  it('belongs to the trace that the client names, also over HTTP', async () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const traceparent = `00-${traceId}-${spanId}-01`;
    await sendTraced(cluster, traceparent);
    const headers = { traceparent, authorization: `Bearer ${await cluster.token('cat')}` };
    await fetch(`${cluster.running.url}/api/conversations`, { headers });
    const ours = () => collector.spans.filter((span) => span.traceId === traceId);
    const top = () => ours().filter(({ parentId }) => parentId === spanId);
    await until(() => top().length === 2, 'both spans below the one of the client');
    expect(
      top()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['GET /api/conversations', 'accept']);
  });

  it('has its metrics, of every app, as /metrics shows them', async () => {
    await until(() => new Set(collector.metrics.map(({ service }) => service)).size === 6, 'metrics of six apps');
    const find = (service: string, name: string) =>
      collector.metrics.findLast((metric) => metric.service === service && metric.name === name);
    await until(
      () => (find('chasqui-connect', 'chasqui_messages_accepted_total')?.sum?.dataPoints[0]?.asDouble ?? 0) > 0,
      'a counter',
    );
    expect(find('chasqui-connect', 'chasqui_messages_accepted_total')?.sum?.isMonotonic).toBe(true);
    expect(find('chasqui-connect', 'chasqui_sessions')?.gauge?.dataPoints).toHaveLength(1);
    const stored = find('chasqui-business', 'chasqui_message_stored_seconds')?.histogram?.dataPoints[0];
    const total = (stored?.bucketCounts ?? []).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(stored?.count);
    expect(total).toBeGreaterThan(0);
    expect(stored?.bucketCounts).toHaveLength((stored?.explicitBounds.length ?? 0) + 1);
  });

  it('goes to the addresses of OTLP, with the headers given', () => {
    expect(new Set(collector.requests.map(({ path }) => path))).toEqual(new Set(['/v1/traces', '/v1/metrics']));
    expect(new Set(collector.requests.map(({ contentType }) => contentType))).toEqual(
      new Set(['application/x-protobuf']),
    );
    expect(new Set(collector.requests.map(({ key }) => key))).toEqual(new Set(['a secret']));
  });
});

it('speaks JSON where that is asked for, and sends what is left when the apps stop', async () => {
  await using collector = await startCollector();
  {
    const slow = { OTEL_BSP_SCHEDULE_DELAY: '60000', OTEL_METRIC_EXPORT_INTERVAL: '60000' };
    await using cluster = await clusterWith(collector, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...slow });
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    await ann.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
    expect(collector.requests).toEqual([]);
  }
  expect(ways(collector.spans, collector.spans.find(({ name }) => name === 'store')?.traceId ?? '')).toContain(STORE);
  expect(collector.metrics.map(({ name }) => name)).toContain('chasqui_messages_accepted_total');
  expect(new Set(collector.requests.map(({ contentType }) => contentType))).toEqual(new Set(['application/json']));
});

it('C11: messages go through while the collector is away, and the apps stop in time', async () => {
  const collector = await startCollector();
  await collector[Symbol.asyncDispose]();
  const cluster = await clusterWith(collector);
  using ann = await openDevice(cluster, { user: 'ann', node: 1 });
  const { messageId } = await ann.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
  const trace = await get<{ steps: object[] }>(cluster, 'ann', `/api/messages/${messageId}/trace`);
  expect(trace.steps.length).toBeGreaterThan(3);
  const start = performance.now();
  await cluster[Symbol.asyncDispose]();
  expect(performance.now() - start).toBeLessThan(20_000);
}, 60_000);

it('records no more than the share that is set, whatever clients ask', async () => {
  await using collector = await startCollector();
  {
    await using cluster = await clusterWith(collector, { OTEL_TRACES_SAMPLER_ARG: '0' });
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    await ann.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
    await sendTraced(cluster, `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`);
  }
  expect(collector.metrics.length).toBeGreaterThan(0);
  expect(collector.spans).toEqual([]);
});
