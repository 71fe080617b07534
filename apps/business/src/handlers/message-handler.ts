import { storedEvent } from '@chasqui/core';
import {
  addresseesOf,
  encodeMessage,
  inboxOf,
  type MessageEvent,
  type MessageStep,
  type MessageToRecord,
  positionIn,
  type UserId,
} from '@chasqui/domain';
import { type BatchSpans, spanEach } from '@chasqui/kit';
import type { RecordOutcome } from '@chasqui/ports';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { planNotifications } from '../announce/group-notifications.ts';
import {
  type HandledMessage,
  isInGroup,
  isRecorded,
  newsOf,
  type RecordedMessage,
  recordedAs,
  storedInGroup,
} from '../announce/message-news.ts';
import type { ChangedMessage } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { allEnded } from './all-ended.ts';
import type { EventHandler } from './event-handler.ts';
import type { OfflineHandler, Unreached } from './offline-handler.ts';

/**
 * Stores messages (design, section 3, step 3). Logs with conversation entries, and the message store, are written in
 * parallel. Then second ids are removed, search is fed, unread counts are set, and sender and receivers are told. The
 * batch is done only after all of that, so a crash at any point repeats it, and every step is idempotent.
 */
export class MessageHandler implements EventHandler<'message'> {
  readonly #context: BusinessContext;
  readonly #offline: OfflineHandler;

  constructor(context: BusinessContext, offline: OfflineHandler) {
    this.#context = context;
    this.#offline = offline;
  }

  /** Direct messages do not wait for those of groups, which need one more step (C23). */
  async handle(received: readonly Received<MessageEvent>[], feed: BatchFeed, earlier: Promise<void>): Promise<void> {
    const traceparentOf = ({ event }: Received<MessageEvent>) => event.trace;
    const kinds = Map.groupBy(received, isInGroup);
    const stored = [...kinds.values()].map((own) =>
      spanEach(this.#context.tracing, 'store', own, traceparentOf, (spans) =>
        this.#store(own, { feed, earlier, spans }),
      ),
    );
    await allEnded(stored);
  }

  async #store(
    received: readonly Received<MessageEvent>[],
    { feed, earlier, spans }: { feed: BatchFeed; earlier: Promise<void>; spans: BatchSpans | null },
  ): Promise<void> {
    const { conversations, messages, clock, metrics } = this.#context;
    // Recording may give a group's message another id, so it is put later.
    const direct = received.filter((one) => !isInGroup(one));
    const [outcomes] = await Promise.all([
      conversations.record(received.map(({ event }) => toRecord(event))),
      direct.length > 0 && messages.put(direct.map((one) => ({ ...one.event.encoded, steps: this.#steps(one) }))),
    ]);
    this.#noteCommits(received, outcomes);
    const handled = received.map(({ event, redelivered }, index) => ({
      event,
      redelivered,
      outcome: outcomes[index] as RecordOutcome,
      trace: spans?.traceparent(index) ?? event.trace,
    }));
    await this.#keepOneId(received, handled);
    this.#noteStored(handled);
    feed.search.add(changed(handled));
    feed.events.add('message.stored', () =>
      handled
        .filter(isRecorded)
        .filter(isNews)
        .map((one) => storedEvent(recordedAs(one))),
    );
    const counted = this.#setUnread(outcomes);
    for (const [index, { result }] of outcomes.entries()) {
      const publishedAt = received[index]?.publishedAt ?? 0;
      if (result === 'recorded') metrics.stored(Math.max(0, clock.now() - publishedAt) / 1000);
      else if (result !== 'refused') metrics.duplicate();
    }
    // Everything is committed, so *stored* need not wait for the counts.
    await Promise.all([counted, this.#tell(handled, feed, earlier)]);
  }

  #steps({ event, publishedAt, retries }: Received<MessageEvent>): MessageStep[] {
    const { clock, nodeId } = this.#context;
    const { encoded, dispatchMs } = event;
    const steps: MessageStep[] = [
      { state: 'queued', at: publishedAt, node: event.nodeId },
      { state: 'storing', at: clock.now(), node: nodeId, ...(retries > 0 ? { retries } : {}) },
    ];
    if (dispatchMs !== undefined) {
      steps.push({ state: 'dispatching', at: encoded.message.sentAt + dispatchMs, node: event.nodeId });
    }
    return steps;
  }

  #storedStep({ retries }: Received<MessageEvent>): MessageStep {
    const { clock, nodeId } = this.#context;
    return { state: 'stored', at: clock.now(), node: nodeId, ...(retries > 0 ? { retries } : {}) };
  }

  /**
   * Records commit times of direct messages. A duplicate says nothing about when its first copy was stored, unless this
   * process made the first attempt and did not finish it.
   */
  #noteCommits(received: readonly Received<MessageEvent>[], outcomes: readonly RecordOutcome[]): void {
    const { commits } = this.#context;
    for (const [index, { result, messageId }] of outcomes.entries()) {
      const one = received[index] as Received<MessageEvent>;
      if (isInGroup(one)) continue;
      const isLate = result === 'duplicate' && one.retries > 0 && commits.of(messageId) === undefined;
      if (result === 'recorded' || isLate) commits.add(messageId, this.#storedStep(one));
    }
  }

  /**
   * A message that was recorded under another id is kept only under that id (design, section 4). Its text contains the
   * id, so the text is made anew.
   */
  async #keepOneId(received: readonly Received<MessageEvent>[], handled: readonly HandledMessage[]): Promise<void> {
    const { messages, metrics } = this.#context;
    const second = handled.filter((one) => !isInGroup(one) && !isFirstId(one));
    const kept = handled.flatMap((one, index) => {
      if (!isRecorded(one) || (isFirstId(one) && !isInGroup(one))) return [];
      const encoded = isFirstId(one) ? one.event.encoded : encodeMessage(recordedAs(one));
      const own = received[index] as Received<MessageEvent>;
      return [{ ...encoded, steps: [...this.#steps(own), ...(isInGroup(one) ? [this.#storedStep(own)] : [])] }];
    });
    if (kept.length > 0) await messages.put(kept);
    if (second.length > 0) await messages.remove(second.map(({ event }) => event.encoded.message));
    for (const { outcome } of handled) {
      if (outcome.result === 'conflict' || outcome.result === 'refused') metrics.dropped(outcome.result);
    }
  }

  /** Direct messages whose first copy this was: they are stored as their events have them. */
  #noteStored(handled: readonly HandledMessage[]): void {
    const { lately } = this.#context;
    if (lately === undefined) return;
    for (const one of handled) {
      if (one.outcome.result === 'recorded' && isFirstId(one) && !isInGroup(one)) lately.add(one.event.encoded.message);
    }
  }

  async #setUnread(outcomes: readonly RecordOutcome[]): Promise<void> {
    await this.#context.unread.set(outcomes.flatMap((outcome) => ('unread' in outcome ? outcome.unread : [])));
  }

  async #tell(handled: readonly HandledMessage[], feed: BatchFeed, earlier: Promise<void>): Promise<void> {
    const { router, reached, groupNews } = this.#context;
    const inGroups = handled.filter(isInGroup).filter(isRecorded);
    const groups = Map.groupBy(inGroups, ({ event }) => event.encoded.message.conversationId);
    const news = handled.flatMap(newsOf);
    const told = router.route(news);
    for (const [id, own] of groups) groupNews.stored(id, own.map(storedInGroup));
    const [counts] = await Promise.all([told, planNotifications(this.#context, inGroups)]);
    const unreached: Unreached[] = handled.filter(isRecorded).flatMap((one) => this.#neverReached(one));
    for (const [index, { userId, arrived }] of news.entries()) {
      if (arrived === undefined) continue;
      const { one, position: upTo, nodeIds } = arrived;
      if (nodeIds.length > 0) reached.add({ userId, upTo, nodeIds });
      if (counts[index] === 0) unreached.push(this.#unreached(one, userId));
    }
    // One of these may be a second copy of a message whose *delivered* receipt is in progress.
    if (unreached.length > 0) await earlier;
    await this.#offline.markUnread(unreached, feed);
  }

  /** The sender must not notice whether an addressee is offline or never gets the message: both show as *unread*. */
  #neverReached(one: RecordedMessage): Unreached[] {
    const { places } = one.outcome;
    return addresseesOf(one.event.encoded.message)
      .filter((userId) => positionIn(places, inboxOf(userId)) === 0)
      .map((userId) => this.#unreached(one, userId));
  }

  #unreached(one: RecordedMessage, to: UserId): Unreached {
    const { clock, nodeId } = this.#context;
    const { redelivered, trace, outcome } = one;
    const message = recordedAs(one);
    const isNew = outcome.result === 'recorded';
    return {
      message,
      // A copy says nothing of what became of the first one.
      stored: isNew ? { ...message, statuses: {}, revision: 0, steps: [] } : null,
      to,
      isNew,
      redelivered,
      trace,
      retries: 0,
      at: clock.now(),
      node: nodeId,
    };
  }
}

function toRecord({ encoded: { message }, digests, after }: MessageEvent): MessageToRecord {
  return after === undefined ? { ...message, digests } : { ...message, digests, after };
}

function isFirstId({ event, outcome }: HandledMessage): boolean {
  return outcome.messageId === event.encoded.message.messageId;
}

/** After a redelivery it is unknown whether the host application was told. */
function isNews({ outcome, redelivered }: RecordedMessage): boolean {
  return outcome.result === 'recorded' || redelivered;
}

/**
 * The messages that DataSync must index again: recorded ones, and second ids, which a rebuild of the index may have
 * read.
 */
function changed(handled: readonly HandledMessage[]): ChangedMessage[] {
  return handled.flatMap((one) => {
    const { event, outcome, trace } = one;
    const { conversationId, messageId } = event.encoded.message;
    const kept = isRecorded(one) ? [outcome.messageId] : [];
    const gone = isFirstId(one) || isInGroup(one) ? [] : [messageId];
    const status = gone.length === 0 ? ('stored' as const) : undefined;
    return [...kept, ...gone].map((id) => ({ conversationId, messageId: id, status, trace }));
  });
}
