import { CONSUMER_GROUPS, defined } from '@chasqui/domain';
import type { ConfigReader } from '@chasqui/kit';
import { parseRabbitmqUrl, type RabbitmqAddress } from './rabbitmq-url.ts';

/** A topic of the bus and its consumer groups. */
export interface BusStream {
  topic: string;
  groups: readonly string[];
}

export interface RabbitmqConfig {
  /** One broker, or some of a cluster's. */
  address: RabbitmqAddress;
  /** Replaces the user in the URL. */
  user?: string;
  /** Replaces the password in the URL. */
  password?: string;
  /** File with the password, read at each connect. Replaces `password`. */
  passwordFile?: string;
  /** PEM file of the authority that signed the brokers' certificates. Absent: the machine's own list. */
  tlsCa?: string;
  /** Prefix of the name of each exchange and queue, so that several installations can share a virtual host. */
  prefix: string;
  /** Shards of a topic that setup makes; an existing topic keeps its number. */
  shards: number;
  /** Copies of each queue that setup makes; fewer if the cluster has fewer brokers. */
  quorumSize: number;
  /** Deadline of a publish, ms. */
  publishDeadlineMs: number;
  /** Deadline of connecting and of any other call, ms. */
  callDeadlineMs: number;
  /** How long a start waits for brokers that are away, ms. */
  startDeadlineMs: number;
  /** Bytes of bodies that may wait for their confirm; further publishes are refused as `overloaded`. */
  maxWaitingBytes: number;
  /** How old queues are when setup ends, ms: by then a broker that is killed remembers them. */
  settleMs: number;
  /** What setup makes, and a start requires. */
  streams: readonly BusStream[];
}

/** Every consumer group of the apps. */
const STREAMS: readonly BusStream[] = CONSUMER_GROUPS.map(({ topic, group }) => ({ topic, groups: [group] }));

/** The keys `CHASQUI_RABBITMQ_…`. The default address and user are those of RabbitMQ itself. */
export function readRabbitmqConfig(reader: ConfigReader): RabbitmqConfig {
  const user = reader.optional('CHASQUI_RABBITMQ_USER');
  const password = reader.secret('CHASQUI_RABBITMQ_PASSWORD', { minLength: 1 });
  const passwordFile = reader.optional('CHASQUI_RABBITMQ_PASSWORD_FILE');
  const tlsCa = reader.optional('CHASQUI_RABBITMQ_TLS_CA');
  return {
    address: reader.parsed('CHASQUI_RABBITMQ_URL', 'amqp://127.0.0.1:5672', parseRabbitmqUrl),
    ...defined({ user, password, passwordFile, tlsCa }),
    prefix: reader.parsed('CHASQUI_RABBITMQ_PREFIX', 'chasqui-', parsePrefix),
    shards: reader.integer('CHASQUI_RABBITMQ_SHARDS', 16, { min: 1, max: 256 }),
    quorumSize: reader.integer('CHASQUI_RABBITMQ_QUORUM_SIZE', 3, { min: 1, max: 7 }),
    publishDeadlineMs: reader.integer('CHASQUI_RABBITMQ_PUBLISH_DEADLINE_MS', 4_000, { min: 500, max: 60_000 }),
    callDeadlineMs: reader.integer('CHASQUI_RABBITMQ_CALL_DEADLINE_MS', 3_000, { min: 500, max: 60_000 }),
    startDeadlineMs: 30_000,
    settleMs: 2_500,
    maxWaitingBytes: 64 * 1024 * 1024,
    streams: STREAMS,
  };
}

function parsePrefix(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(text)) throw new Error('must be 1 to 32 letters, digits, hyphens or underscores');
  return text;
}
