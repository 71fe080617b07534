import { CONSUMER_GROUPS } from '@chasqui/domain';
import type { ConfigReader } from '@chasqui/kit';
import { type Endpoint, parseEndpoints, parseProxyEndpoints } from './endpoints.ts';

/** A topic of the bus and its consumer groups. */
export interface BusStream {
  topic: string;
  groups: readonly string[];
}

export interface RocketmqConfig {
  /** The proxies (gRPC), for publishing and consuming. */
  endpoints: readonly Endpoint[];
  /** For setup, lag and dead letters. */
  nameServers: readonly Endpoint[];
  /** Prefix of the name of each topic and group, so that several installations can share a cluster. */
  prefix: string;
  /** Shards of a topic that setup makes; an existing topic keeps its number. */
  shards: number;
  /** Deadline of a publish, ms. */
  publishDeadlineMs: number;
  /** Deadline of any other call, ms. */
  callDeadlineMs: number;
  /** How long a start waits for an engine that is away, ms. */
  startDeadlineMs: number;
  /** Bytes of bodies that may wait to be published; further publishes are refused as `overloaded`. */
  maxWaitingBytes: number;
  /** What setup makes, and a start requires. */
  streams: readonly BusStream[];
}

/** Every consumer group of the apps. */
const STREAMS: readonly BusStream[] = CONSUMER_GROUPS.map(({ topic, group }) => ({ topic, groups: [group] }));

/** The keys `CHASQUI_ROCKETMQ_…`. The default addresses are those of RocketMQ itself. */
export function readRocketmqConfig(reader: ConfigReader): RocketmqConfig {
  return {
    endpoints: reader.parsed('CHASQUI_ROCKETMQ_ENDPOINTS', '127.0.0.1:8081', parseProxyEndpoints),
    nameServers: reader.parsed('CHASQUI_ROCKETMQ_NAMESERVER', '127.0.0.1:9876', parseEndpoints),
    prefix: reader.parsed('CHASQUI_ROCKETMQ_PREFIX', 'chasqui-', parsePrefix),
    shards: reader.integer('CHASQUI_ROCKETMQ_SHARDS', 16, { min: 1, max: 256 }),
    publishDeadlineMs: reader.integer('CHASQUI_ROCKETMQ_PUBLISH_DEADLINE_MS', 4_000, { min: 500, max: 60_000 }),
    callDeadlineMs: reader.integer('CHASQUI_ROCKETMQ_CALL_DEADLINE_MS', 3_000, { min: 500, max: 60_000 }),
    startDeadlineMs: 30_000,
    maxWaitingBytes: 64 * 1024 * 1024,
    streams: STREAMS,
  };
}

function parsePrefix(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(text)) throw new Error('must be 1 to 32 letters, digits, hyphens or underscores');
  return text;
}
