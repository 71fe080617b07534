import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

// The messages that we exchange with RocketMQ's proxy, in their JavaScript form: an absent field is an absent property.
// Source: the .proto files of rocketmq-client-nodejs, which describe each.

export interface Resource {
  name: string;
}

export interface Seconds {
  seconds?: number;
  nanos?: number;
}

export interface Status {
  code?: number;
  message?: string;
}

export interface Endpoints {
  scheme: number;
  addresses: { host: string; port: number }[];
}

export interface Message {
  topic?: Resource;
  userProperties?: Record<string, string>;
  systemProperties?: {
    messageId?: string;
    messageType?: number;
    bornTimestamp?: Seconds;
    bornHost?: string;
    storeTimestamp?: Seconds;
    deliveryTimestamp?: Seconds;
    receiptHandle?: string;
    queueId?: number;
    queueOffset?: number;
    messageGroup?: string;
    bodyEncoding?: number;
  };
  body?: Buffer;
}

export interface QueryRouteRequest {
  topic: Resource;
  endpoints: Endpoints;
}
export interface QueryRouteResponse {
  status?: Status;
  messageQueues?: { id?: number; permission?: number; broker?: { name?: string } }[];
}

export interface SendMessageRequest {
  messages: Message[];
}
export interface SendMessageResponse {
  status?: Status;
  entries?: { status?: Status; messageId?: string; offset?: number }[];
}

export interface ReceiveMessageRequest {
  group: Resource;
  messageQueue: { topic: Resource };
  filterExpression: { type: number; expression: string };
  batchSize: number;
  invisibleDuration: Seconds;
  autoRenew: boolean;
  longPollingTimeout: Seconds;
  attemptId: string;
}
export interface ReceiveMessageResponse {
  status?: Status;
  message?: Message;
  deliveryTimestamp?: Seconds;
}

export interface AckMessageRequest {
  group: Resource;
  topic: Resource;
  entries: { messageId: string; receiptHandle: string }[];
}
export interface AckMessageResponse {
  status?: Status;
  entries?: { messageId?: string; status?: Status }[];
}

export interface ChangeInvisibleDurationRequest {
  group: Resource;
  topic: Resource;
  messageId: string;
  receiptHandle: string;
  invisibleDuration: Seconds;
}
export interface ChangeInvisibleDurationResponse {
  status?: Status;
  receiptHandle?: string;
}

export interface HeartbeatRequest {
  group: Resource;
  clientType: number;
}
export interface StatusResponse {
  status?: Status;
}

export interface TelemetryCommand {
  status?: Status;
  settings?: {
    clientType?: number;
    backoffPolicy?: { maxAttempts: number };
    requestTimeout?: Seconds;
    subscription?: {
      group: Resource;
      subscriptions: { topic: Resource; expression: { type: number; expression: string } }[];
      fifo: boolean;
      longPollingTimeout: Seconds;
    };
  };
}

const packageFile = fileURLToPath(import.meta.resolve('rocketmq-client-nodejs/package.json'));
const definitions = loadSync('apache/rocketmq/v2/service.proto', {
  includeDirs: [join(packageFile, '../proto')],
  longs: Number,
});
const SERVICE = definitions['apache.rocketmq.v2.MessagingService'] as ServiceDefinition;

export const METHODS = {
  queryRoute: SERVICE.QueryRoute as MethodDefinition<QueryRouteRequest, QueryRouteResponse>,
  sendMessage: SERVICE.SendMessage as MethodDefinition<SendMessageRequest, SendMessageResponse>,
  receiveMessage: SERVICE.ReceiveMessage as MethodDefinition<ReceiveMessageRequest, ReceiveMessageResponse>,
  ackMessage: SERVICE.AckMessage as MethodDefinition<AckMessageRequest, AckMessageResponse>,
  changeInvisibleDuration: SERVICE.ChangeInvisibleDuration as MethodDefinition<
    ChangeInvisibleDurationRequest,
    ChangeInvisibleDurationResponse
  >,
  heartbeat: SERVICE.Heartbeat as MethodDefinition<HeartbeatRequest, StatusResponse>,
  notifyClientTermination: SERVICE.NotifyClientTermination as MethodDefinition<{ group: Resource }, StatusResponse>,
  telemetry: SERVICE.Telemetry as MethodDefinition<TelemetryCommand, TelemetryCommand>,
} as const;

export const CODE = {
  ok: 20_000,
  invalidReceiptHandle: 40_013,
  messageNotFound: 40_401,
  topicNotFound: 40_402,
  groupNotFound: 40_403,
  bodyTooLarge: 41_301,
  tooManyRequests: 42_900,
} as const;
export const MESSAGE_TYPE = { NORMAL: 1, FIFO: 2, DELAY: 3 } as const;
export const SIMPLE_CONSUMER = 3;
export const TAG_FILTER = 1;
export const IDENTITY_ENCODING = 1;
export const ADDRESS_SCHEME = { ipv4: 1, domain: 3 } as const;

export function secondsOf(ms: number): Seconds {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1_000_000) };
}

/** Milliseconds; 0 if absent. */
export function msOf({ seconds = 0, nanos = 0 }: Seconds = {}): number {
  return seconds * 1000 + Math.floor(nanos / 1_000_000);
}
