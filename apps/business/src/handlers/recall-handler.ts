import { defined, membersOf, type RecallEvent, type StoredMessage } from '@chasqui/domain';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { SearchFeed } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { EventHandler } from './event-handler.ts';

const SYNC_NEEDED = encodeServerFrame({ type: 'sync_needed' });

/** Takes messages back: content, preview and search text go; both inboxes say so. */
export class RecallHandler implements EventHandler<'recall'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  /** One look says which messages exist, so that recalls of invented ones hold nobody up. */
  async handle(received: readonly Received<RecallEvent>[], feed: SearchFeed): Promise<void> {
    const keys = received.map(({ event: { conversationId, messageId } }) => ({ conversationId, messageId }));
    const found = await this.#context.messages.get(keys);
    const refusals: Promise<void>[] = [];
    for (const [index, one] of received.entries()) {
      const message = found[index];
      const { by } = one.event;
      // What the caller may not see (also a silenced message to them) and what is absent look the same.
      if (message == null || (message.from !== by && (message.to !== by || message.silenced === true))) {
        refusals.push(this.#refuse(one.event, 'message_not_found', 'you have no such message in this conversation'));
      } else if (message.from !== by) {
        refusals.push(this.#refuse(one.event, 'recall_refused', 'only its sender can recall a message'));
      } else await this.#recall(one, message, feed);
    }
    await Promise.all(refusals);
  }

  async #recall(
    { event, redelivered }: Received<RecallEvent>,
    message: StoredMessage,
    feed: SearchFeed,
  ): Promise<void> {
    const { conversationId, messageId, by, at, nodeId } = event;
    const { sessions, messages, recalled, router, limits } = this.#context;
    if (at - message.sentAt > limits.recallWindowMs) {
      return this.#refuse(event, 'recall_refused', 'the message is too old to be recalled');
    }
    await messages.recall({ conversationId, messageId }, at, nodeId);
    const silenced = message.silenced === true;
    const positions = await sessions.recall(conversationId, messageId, by, at, silenced);
    feed.add([{ conversationId, messageId }]);
    await recalled.drop(message.to, messageId);
    const members = silenced ? [by] : membersOf(conversationId);
    if (positions === null) {
      // The crash may have come before the telling; the places in the inboxes are found by a sync.
      if (redelivered) await router.route(members.map((userId) => ({ userId, frame: SYNC_NEEDED })));
      return;
    }
    await router.route(
      members.map((userId) => ({
        userId,
        frame: encodeServerFrame({
          type: 'recall',
          conversationId,
          messageId,
          by,
          at,
          position: positions[userId] ?? 0,
        }),
      })),
    );
  }

  async #refuse(event: RecallEvent, code: 'message_not_found' | 'recall_refused', message: string): Promise<void> {
    const { by, nodeId, sessionId, ref } = event;
    const frame: ServerFrame = {
      type: 'error',
      code,
      message,
      retry: 'never',
      field: 'messageId',
      ...defined({ ref }),
    };
    await this.#context.router.route([{ userId: by, nodeId, onlySession: sessionId, frame: encodeServerFrame(frame) }]);
  }
}
