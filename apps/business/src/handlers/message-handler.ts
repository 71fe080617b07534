import type { RoutedDelivery } from '@chasqui/core';
import type { Message, MessageEvent, MessageId, MessageStep, MessageToRecord, Position } from '@chasqui/domain';
import { type BatchSpans, spanEach } from '@chasqui/kit';
import type { RecordOutcome, UnreadState } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { retractFrame } from '../announce/retract-frame.ts';
import type { ChangedMessage, SearchFeed } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { EventHandler } from './event-handler.ts';
import type { OfflineHandler, Unreached } from './offline-handler.ts';

type Recorded = Exclude<RecordOutcome, { result: 'conflict' }>;

interface Handled {
  received: Received<MessageEvent>;
  outcome: RecordOutcome;
  /** What comes of it belongs to this span. */
  trace: string | undefined;
}

/**
 * Stores messages (design, section 3, step 3). Sessions with inboxes, and messages, are written in parallel; then
 * second ids vanish, the search index is fed, unread counts are set, and both ends are told. Only after all of that is
 * the batch done, so a crash in any line repeats it, and every line may be repeated.
 */
export class MessageHandler implements EventHandler<'message'> {
  readonly #context: BusinessContext;
  readonly #offline: OfflineHandler;

  constructor(context: BusinessContext, offline: OfflineHandler) {
    this.#context = context;
    this.#offline = offline;
  }

  handle(received: readonly Received<MessageEvent>[], feed: SearchFeed, earlier: Promise<void>): Promise<void> {
    const traceparentOf = ({ event }: Received<MessageEvent>) => event.trace;
    return spanEach(this.#context.tracing, 'store', received, traceparentOf, (spans) =>
      this.#store(received, { feed, earlier, spans }),
    );
  }

  async #store(
    received: readonly Received<MessageEvent>[],
    { feed, earlier, spans }: { feed: SearchFeed; earlier: Promise<void>; spans: BatchSpans | null },
  ): Promise<void> {
    const { sessions, messages, clock, metrics } = this.#context;
    const [outcomes] = await Promise.all([
      sessions.record(received.map(toRecord)),
      messages.put(received.map((one) => ({ message: one.event.message, steps: this.#steps(one) }))),
    ]);
    this.#noteCommits(received, outcomes);
    const handled = received.map((one, index) => ({
      received: one,
      outcome: outcomes[index] as RecordOutcome,
      trace: spans?.traceparent(index) ?? one.event.trace,
    }));
    await this.#keepOneId(handled);
    feed.add(changed(handled));
    const counted = this.#setUnread(outcomes);
    for (const { received: one, outcome } of handled) {
      if (outcome.result === 'recorded') metrics.stored(Math.max(0, clock.now() - one.publishedAt) / 1000);
      else metrics.duplicate();
    }
    // All is committed, so *stored* need not wait for the counts.
    await Promise.all([counted, this.#tell(handled, feed, earlier)]);
  }

  #steps({ event, publishedAt, retries }: Received<MessageEvent>): MessageStep[] {
    const { clock, nodeId } = this.#context;
    const { message, dispatchMs } = event;
    const steps: MessageStep[] = [
      { state: 'queued', at: publishedAt, node: event.nodeId },
      { state: 'storing', at: clock.now(), node: nodeId, ...(retries > 0 ? { retries } : {}) },
    ];
    if (dispatchMs !== undefined) {
      steps.push({ state: 'dispatching', at: message.sentAt + dispatchMs, node: event.nodeId });
    }
    return steps;
  }

  /** A copy of what is stored says nothing of when that was, but where the first try was this process's own and did not end. */
  #noteCommits(received: readonly Received<MessageEvent>[], outcomes: readonly RecordOutcome[]): void {
    const { commits, clock, nodeId } = this.#context;
    const stored: MessageStep = { state: 'stored', at: clock.now(), node: nodeId };
    for (const [index, { result, messageId }] of outcomes.entries()) {
      const { retries = 0 } = received[index] ?? {};
      const isLate = result === 'duplicate' && retries > 0 && commits.of(messageId) === undefined;
      if (result !== 'recorded' && !isLate) continue;
      commits.add(messageId, retries > 0 ? { ...stored, retries } : stored);
    }
  }

  /** A message that was recorded under another id is kept under that one alone (design, section 4). */
  async #keepOneId(handled: readonly Handled[]): Promise<void> {
    const { messages, metrics } = this.#context;
    const second = handled.filter(({ received, outcome }) => outcome.messageId !== received.event.message.messageId);
    if (second.length === 0) return;
    const kept = second.filter(({ outcome }) => outcome.result !== 'conflict');
    await messages.put(
      kept.map(({ received, outcome }) => ({
        message: { ...received.event.message, messageId: outcome.messageId },
        steps: this.#steps(received),
      })),
    );
    await messages.remove(second.map(({ received }) => received.event.message));
    for (const { outcome } of second) if (outcome.result === 'conflict') metrics.dropped('conflict');
  }

  async #setUnread(outcomes: readonly RecordOutcome[]): Promise<void> {
    const states: UnreadState[] = [];
    for (const outcome of outcomes) if (outcome.result !== 'conflict') states.push(outcome.unread);
    await this.#context.unread.set(states);
  }

  async #tell(handled: readonly Handled[], feed: SearchFeed, earlier: Promise<void>): Promise<void> {
    const deliveries: RoutedDelivery[] = [];
    const receivers: { index: number; one: Handled; messageId: MessageId; upTo: Position; nodeIds: string[] }[] = [];
    const silenced: Pick<Unreached, 'message' | 'redelivered' | 'trace'>[] = [];
    for (const one of handled) {
      const { received, outcome, trace: traceparent } = one;
      const { message, nodeId, sessionId } = received.event;
      const sender = { userId: message.from, nodeId, onlySession: sessionId, traceparent };
      if (outcome.result === 'conflict') {
        deliveries.push({ ...sender, frame: encodeServerFrame(conflictFrame(message)) });
        const frame = encodeServerFrame(retractFrame(message));
        if (!message.silenced) deliveries.push({ userId: message.to, frame });
        deliveries.push({ userId: message.from, frame, exceptSession: sessionId });
        continue;
      }
      deliveries.push({ ...sender, frame: encodeServerFrame(ackFrame(message, outcome)) });
      deliveries.push({
        userId: message.from,
        exceptSession: sessionId,
        frame: encodeServerFrame(storedFrame(message, outcome, outcome.senderPosition)),
      });
      if (outcome.receiverPosition === 0) {
        silenced.push({
          message: { ...message, messageId: outcome.messageId, silenced: true },
          redelivered: received.redelivered,
          trace: traceparent,
        });
        // A second copy that came after the block was lifted may have been pushed before storing found it out.
        if (!message.silenced) deliveries.push({ userId: message.to, frame: encodeServerFrame(retractFrame(message)) });
        continue;
      }
      const nodeIds: string[] = [];
      const { messageId, receiverPosition: upTo } = outcome;
      receivers.push({ index: deliveries.length, one, messageId, upTo, nodeIds });
      deliveries.push({
        userId: message.to,
        frame: encodeServerFrame(storedFrame(message, outcome, upTo)),
        watch: { messageId, conversationId: message.conversationId },
        takenBy: nodeIds,
        traceparent,
      });
    }
    const reached = await this.#context.router.route(deliveries);
    const { clock, nodeId } = this.#context;
    for (const { one, upTo, nodeIds } of receivers) {
      if (nodeIds.length > 0) this.#context.reached.add({ userId: one.received.event.message.to, upTo, nodeIds });
    }
    const unreached = receivers
      .filter(({ index }) => reached[index] === 0)
      .map(({ one: { received, trace }, messageId }) => {
        const { silenced: _, ...message } = received.event.message;
        return { message: { ...message, messageId }, redelivered: received.redelivered, trace };
      });
    // One of these may be a second copy of a message whose *delivered* is being told.
    if (unreached.length + silenced.length > 0) await earlier;
    // To its sender, a silenced message waits like any other for somebody who is away.
    await this.#offline.markUnread(
      [...unreached, ...silenced].map(({ message, redelivered, trace }) => ({
        message,
        redelivered,
        trace,
        retries: 0,
        at: clock.now(),
        node: nodeId,
      })),
      feed,
    );
  }
}

function toRecord({ event: { message, after } }: Received<MessageEvent>): MessageToRecord {
  return after === undefined ? message : { ...message, after };
}

/** What DataSync has to look at: what was recorded, and second ids, which a rebuild of the index may have seen. */
function changed(handled: readonly Handled[]): ChangedMessage[] {
  return handled.flatMap(({ received, outcome, trace }) => {
    const { conversationId, messageId } = received.event.message;
    const kept = outcome.result === 'conflict' ? [] : [outcome.messageId];
    const gone = outcome.messageId === messageId ? [] : [messageId];
    const status = gone.length === 0 ? ('stored' as const) : undefined;
    return [...kept, ...gone].map((id) => ({ conversationId, messageId: id, status, trace }));
  });
}

function replaced(message: Message, { messageId }: Recorded): { replaces?: MessageId } {
  return messageId === message.messageId ? {} : { replaces: message.messageId };
}

function ackFrame(message: Message, outcome: Recorded): ServerFrame {
  return {
    type: 'server_ack',
    clientMessageId: message.clientMessageId,
    messageId: outcome.messageId,
    conversationId: message.conversationId,
    position: outcome.senderPosition,
    ...replaced(message, outcome),
  };
}

function storedFrame(message: Message, outcome: Recorded, position: number): ServerFrame {
  return {
    type: 'stored',
    messageId: outcome.messageId,
    conversationId: message.conversationId,
    position,
    ...replaced(message, outcome),
  };
}

function conflictFrame(message: Message): ServerFrame {
  return {
    type: 'error',
    code: 'client_message_id_reused',
    message: 'this clientMessageId was already used for other content or another receiver',
    retry: 'never',
    field: 'clientMessageId',
    ref: message.clientMessageId,
  };
}
