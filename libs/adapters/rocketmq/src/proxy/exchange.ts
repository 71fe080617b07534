// The types exchanged with a proxy, in our terms.

export interface Outgoing {
  topic: string;
  body: Buffer;
  /** Messages of one group share a queue and are delivered in order. */
  messageGroup?: string;
  /** Unix ms. Not allowed together with a group. */
  deliverAt?: number;
  properties: Readonly<Record<string, string>>;
}

/** A received message: no other member of the consumer group gets it while its handle is valid. */
export interface Received {
  messageId: string;
  handle: string;
  queueId: number;
  queueOffset: number;
  messageGroup: string | undefined;
  /** Unix ms by the publisher's clock. */
  bornAt: number;
  /** Unix ms by the broker's clock. */
  storedAt: number;
  properties: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface Receipt {
  messages: Received[];
  /** Unix ms by the proxy's clock when it answered. */
  answeredAt: number;
}

/** A consumer group's use of one topic. */
export interface Subscription {
  clientId: string;
  group: string;
  topic: string;
}

export interface ReceiveOptions {
  batchSize: number;
  invisibleMs: number;
  /** How long an answer may wait for messages. */
  pollMs: number;
  /** Repeat the id after a receive whose answer was lost: the broker then returns the same messages at once. */
  attemptId: string;
  signal: AbortSignal;
}
