import type { EventPublisher } from '@chasqui/core';
import { type Clock, CONVERSATION_TOPIC, type ConversationId, type OfflineEvent } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { pushAges } from './push-ages.ts';
import type { PushWatch, Unacked } from './push-watch.ts';

/** Maximum number of message ids in one event. */
const MAX_IDS = 200;

export interface OfflineReporterOptions {
  nodeId: string;
  clock: Clock;
  publisher: EventPublisher;
  watch: PushWatch;
  logger: Logger;
}

/** Publishes offline events for messages that reached nobody (design, section 3, step 4; C9). */
export class OfflineReporter {
  readonly #options: OfflineReporterOptions;

  constructor(options: OfflineReporterOptions) {
    this.#options = options;
  }

  /**
   * Publishes offline events. Messages whose event the bus does not take are watched again, so they are retried one ack
   * timeout later.
   */
  async report(unacked: readonly Unacked[]): Promise<void> {
    const groups = new Map<string, Unacked[]>();
    for (const item of unacked) {
      const key = `${item.conversationId} ${item.userId}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    const publishes: Promise<void>[] = [];
    for (const group of groups.values()) {
      for (let start = 0; start < group.length; start += MAX_IDS) {
        publishes.push(this.#publish(group.slice(start, start + MAX_IDS)));
      }
    }
    await Promise.all(publishes);
  }

  async #publish(group: readonly Unacked[]): Promise<void> {
    const { nodeId, clock, publisher, watch, logger } = this.#options;
    const [first] = group;
    if (first === undefined) return;
    const conversationId: ConversationId = first.conversationId;
    const event: OfflineEvent = {
      type: 'offline',
      conversationId,
      messageIds: group.map((item) => item.messageId),
      to: first.userId,
      nodeId,
      at: clock.now(),
      ...pushAges(
        group.map((item) => item.pushedAt),
        clock.monotonic(),
      ),
    };
    if (group.length === 1 && first.trace !== undefined) event.trace = first.trace;
    try {
      await publisher.publish(CONVERSATION_TOPIC, conversationId, event);
    } catch (error) {
      logger.warn({ err: error, count: group.length }, 'offline events could not be published: retrying later');
      for (const item of group) watch.push(item.userId, item.messageId, conversationId);
    }
  }
}
