import { isIPv4 } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, defined, ImError } from '@chasqui/domain';
import type { Endpoint } from '../endpoints.ts';
import { expectOk, ProxyChannel } from './channel.ts';
import type { Outgoing, Receipt, Received, ReceiveOptions, Subscription } from './exchange.ts';
import {
  ADDRESS_SCHEME,
  CODE,
  IDENTITY_ENCODING,
  MESSAGE_TYPE,
  METHODS,
  type Message,
  msOf,
  type ReceiveMessageResponse,
  SIMPLE_CONSUMER,
  secondsOf,
  TAG_FILTER,
} from './wire.ts';

/** Calls to a proxy. Errors of each: `bus_unavailable`, or as stated. */
export class BusProxy implements Disposable {
  readonly channel: ProxyChannel;
  readonly #endpoints: readonly Endpoint[];
  readonly #clientId: string;

  constructor(endpoints: readonly Endpoint[], clock: Clock, clientId: string) {
    this.channel = new ProxyChannel(endpoints, clock);
    this.#endpoints = endpoints;
    this.#clientId = clientId;
  }

  /** Number of the topic's queues; 0 if the proxy knows no such topic. */
  async queues(topic: string, deadlineMs: number): Promise<number> {
    const [first] = this.#endpoints;
    const scheme = isIPv4(first?.host ?? '') ? ADDRESS_SCHEME.ipv4 : ADDRESS_SCHEME.domain;
    const request = { topic: { name: topic }, endpoints: { scheme, addresses: [...this.#endpoints] } };
    const answer = await this.channel.call(METHODS.queryRoute, request, { clientId: this.#clientId, deadlineMs });
    if (answer.status?.code === CODE.topicNotFound) return 0;
    expectOk(answer.status);
    return answer.messageQueues?.length ?? 0;
  }

  /** Resolves when the broker has the message on disk. Errors: also `overloaded`, `content_too_large`. */
  async send(messageId: string, bornAt: number, outgoing: Outgoing, deadlineMs: number): Promise<void> {
    const { topic, body, messageGroup, deliverAt, properties } = outgoing;
    const type = messageGroup !== undefined ? 'FIFO' : deliverAt !== undefined ? 'DELAY' : 'NORMAL';
    const message: Message = {
      topic: { name: topic },
      userProperties: { ...properties },
      systemProperties: {
        messageId,
        messageType: MESSAGE_TYPE[type],
        bornTimestamp: secondsOf(bornAt),
        bornHost: 'chasqui',
        bodyEncoding: IDENTITY_ENCODING,
        ...defined({ messageGroup }),
        ...(deliverAt === undefined ? {} : { deliveryTimestamp: secondsOf(deliverAt) }),
      },
      body,
    };
    const options = { clientId: this.#clientId, deadlineMs };
    const answer = await this.channel.call(METHODS.sendMessage, { messages: [message] }, options);
    expectOk(answer.entries?.[0]?.status ?? answer.status);
  }

  /** Up to `batchSize` messages of any queues that no member holds; none if none arrives in time, or if aborted. */
  async receive({ clientId, group, topic }: Subscription, options: ReceiveOptions): Promise<Receipt> {
    const { batchSize, invisibleMs, pollMs, attemptId, signal } = options;
    const request = {
      group: { name: group },
      messageQueue: { topic: { name: topic } },
      filterExpression: { type: TAG_FILTER, expression: '*' },
      batchSize,
      attemptId,
      autoRenew: false,
      invisibleDuration: secondsOf(invisibleMs),
      longPollingTimeout: secondsOf(pollMs),
    };
    const stream = this.channel.stream(METHODS.receiveMessage, request, {
      clientId,
      deadlineMs: pollMs + POLL_SLACK_MS,
    });
    const collected = collect(stream).catch((error) => {
      throw error instanceof ImError ? error : this.channel.unavailable(error as Error);
    });
    collected.catch(() => {});
    // A call cancelled in the turn that starts it is sent nevertheless, and the messages it gets are not read.
    await nextTurn();
    const cancel = () => stream.cancel();
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await collected;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Acks messages. Returns those that the broker did not accept: their handle is too old. */
  async ack(
    { clientId, group, topic }: Subscription,
    done: readonly Received[],
    deadlineMs: number,
  ): Promise<Received[]> {
    const entries = done.map(({ messageId, handle: receiptHandle }) => ({ messageId, receiptHandle }));
    const request = { group: { name: group }, topic: { name: topic }, entries };
    const answer = await this.channel.call(METHODS.ackMessage, request, { clientId, deadlineMs });
    const [first] = answer.entries ?? [];
    if (first === undefined) expectOk(answer.status);
    const failed = (answer.entries ?? []).filter(({ status }) => status?.code !== CODE.ok);
    for (const { status } of failed) if (status?.code !== CODE.invalidReceiptHandle) expectOk(status);
    const ids = new Set(failed.map(({ messageId }) => messageId));
    return done.filter(({ messageId }) => ids.has(messageId));
  }

  /** Holds the message for this long from now on, then returns it to the group. Returns the new handle. */
  async hold(
    { clientId, group, topic }: Subscription,
    message: Received,
    ms: number,
    deadlineMs: number,
  ): Promise<string> {
    const { messageId, handle: receiptHandle } = message;
    const names = { group: { name: group }, topic: { name: topic } };
    const request = { ...names, messageId, receiptHandle, invisibleDuration: secondsOf(ms) };
    const answer = await this.channel.call(METHODS.changeInvisibleDuration, request, { clientId, deadlineMs });
    expectOk(answer.status);
    return answer.receiptHandle || receiptHandle;
  }

  /** The proxy forgets a consumer that is silent for a minute. */
  async heartbeat({ clientId, group }: Subscription, deadlineMs: number): Promise<void> {
    const request = { group: { name: group }, clientType: SIMPLE_CONSUMER };
    expectOk((await this.channel.call(METHODS.heartbeat, request, { clientId, deadlineMs })).status);
  }

  async sayGoodbye({ clientId, group }: Subscription, deadlineMs: number): Promise<void> {
    await this.channel.call(METHODS.notifyClientTermination, { group: { name: group } }, { clientId, deadlineMs });
  }

  [Symbol.dispose](): void {
    this.channel[Symbol.dispose]();
  }
}

/** Added to the duration of the poll itself. */
const POLL_SLACK_MS = 3_000;

async function collect(stream: AsyncIterable<ReceiveMessageResponse>): Promise<Receipt> {
  const messages: Received[] = [];
  let answeredAt = 0;
  for await (const { status, message, deliveryTimestamp } of stream) {
    if (status !== undefined && status.code !== CODE.messageNotFound) expectOk(status);
    if (message !== undefined) messages.push(receivedOf(message));
    if (deliveryTimestamp !== undefined) answeredAt = msOf(deliveryTimestamp);
  }
  return { messages, answeredAt };
}

function receivedOf({ systemProperties = {}, userProperties = {}, body = Buffer.alloc(0) }: Message): Received {
  const { messageId = '', receiptHandle: handle = '', queueId = 0, queueOffset = 0 } = systemProperties;
  const { bornTimestamp, storeTimestamp, messageGroup } = systemProperties;
  const times = { bornAt: msOf(bornTimestamp), storedAt: msOf(storeTimestamp) };
  return { messageId, handle, queueId, queueOffset, messageGroup, ...times, properties: userProperties, body };
}
