import { defined } from '@chasqui/domain';
import { acceptedBody, type Cluster, NOT_THERE } from './cluster.ts';
import type { RemotingFrame } from './frame.ts';
import { decodeStored, type StoredMessage } from './stored-message.ts';

const CODE = {
  pull: 11,
  queryConsumerOffset: 14,
  updateConsumerOffset: 15,
  updateTopic: 17,
  brokerConfig: 26,
  runtimeInfo: 28,
  maxOffset: 30,
  minOffset: 31,
  updateGroup: 200,
  deleteGroup: 207,
  deleteTopic: 215,
  groupConfig: 352,
} as const;

export type MessageType = 'NORMAL' | 'FIFO' | 'DELAY';

/** One of a topic's queues. */
export interface QueueName {
  topic: string;
  queueId: number;
}

/** Readable and writable. */
const READ_WRITE = '6';
/** Deliveries after which the engine itself would give up: never. Not the largest number, as the engine adds to it. */
const UNLIMITED = 1_000_000_000;

/** Flag of a pull request that contains its subscription. */
const SUBSCRIPTION_WITHIN = '4';
const NOTHING_TO_PULL: readonly number[] = [19, 20];
const OFFSET_MOVED = 21;

/** Administrative calls to one broker. Errors of each: `bus_unavailable`, or `internal` if it is refused. */
export class Broker {
  readonly #cluster: Cluster;
  readonly #address: string;

  constructor(cluster: Cluster, address: string) {
    this.#cluster = cluster;
    this.#address = address;
  }

  /** Makes or changes a topic. */
  async putTopic(topic: string, queues: number, type: MessageType): Promise<void> {
    const attributes = `+message.type=${type}`;
    const queueNums = { readQueueNums: String(queues), writeQueueNums: String(queues) };
    const rest = { defaultTopic: 'TBW102', perm: READ_WRITE, topicFilterType: 'SINGLE_TAG', topicSysFlag: '0' };
    acceptedBody(await this.#ask(CODE.updateTopic, { topic, ...queueNums, ...rest, order: 'false', attributes }));
  }

  /** Makes or changes a consumer group that gets a queue's messages in order, one member at a time. */
  async putOrderedGroup(groupName: string): Promise<void> {
    const config = {
      groupName,
      consumeEnable: true,
      consumeFromMinEnable: true,
      consumeBroadcastEnable: false,
      consumeMessageOrderly: true,
      retryQueueNums: 1,
      retryMaxTimes: UNLIMITED,
    };
    acceptedBody(await this.#ask(CODE.updateGroup, {}, Buffer.from(JSON.stringify(config))));
  }

  async hasGroup(group: string): Promise<boolean> {
    const answer = await this.#ask(CODE.groupConfig, { group });
    if (answer.code === NOT_THERE.group) return false;
    acceptedBody(answer);
    return true;
  }

  async deleteTopic(topic: string): Promise<void> {
    acceptedBody(await this.#ask(CODE.deleteTopic, { topic }));
  }

  /** Deletes its positions too. */
  async deleteGroup(groupName: string): Promise<void> {
    acceptedBody(await this.#ask(CODE.deleteGroup, { groupName, cleanOffset: 'true' }));
  }

  /** One past the newest message. */
  nextOffset(queue: QueueName): Promise<number> {
    return this.#offset(CODE.maxOffset, queue);
  }

  /** The oldest message kept. */
  firstOffset(queue: QueueName): Promise<number> {
    return this.#offset(CODE.minOffset, queue);
  }

  /** The offset below which the group has acked everything; undefined if it has not started. */
  async doneBelow(consumerGroup: string, { topic, queueId }: QueueName): Promise<number | undefined> {
    const fields = { consumerGroup, topic, queueId: String(queueId), setZeroIfNotFound: 'false' };
    const answer = await this.#ask(CODE.queryConsumerOffset, fields);
    if (answer.code === NOT_THERE.offset) return undefined;
    acceptedBody(answer);
    return Number(answer.fields.offset);
  }

  async setDoneBelow(consumerGroup: string, { topic, queueId }: QueueName, offset: number): Promise<void> {
    const fields = { consumerGroup, topic, queueId: String(queueId), commitOffset: String(offset) };
    acceptedBody(await this.#ask(CODE.updateConsumerOffset, fields));
  }

  /**
   * Messages from `offset` on, as many as the broker returns at a time; none past the newest. Dropped messages are
   * skipped. Does not change the group's positions.
   */
  async browse(
    consumerGroup: string,
    { topic, queueId }: QueueName,
    offset: number,
    limit: number,
  ): Promise<StoredMessage[]> {
    const answer = await this.#ask(CODE.pull, {
      consumerGroup,
      topic,
      queueId: String(queueId),
      queueOffset: String(offset),
      maxMsgNums: String(limit),
      sysFlag: SUBSCRIPTION_WITHIN,
      subscription: '*',
      expressionType: 'TAG',
      subVersion: '0',
      commitOffset: '0',
      suspendTimeoutMillis: '0',
    });
    if (NOTHING_TO_PULL.includes(answer.code)) return [];
    if (answer.code === OFFSET_MOVED) {
      const next = Number(answer.fields.nextBeginOffset);
      return next > offset ? this.browse(consumerGroup, { topic, queueId }, next, limit) : [];
    }
    return decodeStored(acceptedBody(answer));
  }

  /** Its settings, in the form of its configuration file. */
  async settings(): Promise<Map<string, string>> {
    const text = acceptedBody(await this.#ask(CODE.brokerConfig, {})).toString();
    return new Map(text.split('\n').map((line) => splitAt(line, line.indexOf('='))));
  }

  /** When it started, Unix ms by its clock. */
  async startedAt(): Promise<number> {
    const { table } = JSON.parse(acceptedBody(await this.#ask(CODE.runtimeInfo, {})).toString()) as {
      table: { bootTimestamp: string };
    };
    return Number(table.bootTimestamp);
  }

  async #offset(code: number, { topic, queueId }: QueueName): Promise<number> {
    const answer = await this.#ask(code, { topic, queueId: String(queueId) });
    acceptedBody(answer);
    return Number(answer.fields.offset);
  }

  #ask(code: number, fields: Readonly<Record<string, string>>, body?: Buffer): Promise<RemotingFrame> {
    return this.#cluster.ask(this.#address, { code, fields, ...defined({ body }) });
  }
}

function splitAt(line: string, index: number): [string, string] {
  return [line.slice(0, index), line.slice(index + 1)];
}
