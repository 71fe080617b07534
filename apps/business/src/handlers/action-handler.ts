import { actionFrame } from '@chasqui/core';
import {
  type ActionEvent,
  type ActionUpdate,
  defined,
  type MessageAction,
  maySee,
  ownerOf,
  ownersOf,
  type Place,
  type StoredMessage,
} from '@chasqui/domain';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { receiversOf } from '../announce/message-news.ts';
import type { SearchFeed } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { EventHandler } from './event-handler.ts';

const SYNC_NEEDED = encodeServerFrame({ type: 'sync_needed' });

/**
 * Does to stored messages what their members ask for: in the store, in each log of the audience, in the index; then it tells those
 * whose inboxes have it. A recall takes content, preview and search text away.
 */
export class ActionHandler implements EventHandler<'action'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  /** One look says which messages exist, so that recalls of invented ones hold nobody up. */
  async handle(received: readonly Received<ActionEvent>[], feed: SearchFeed): Promise<void> {
    const keys = received.map(({ event: { conversationId, messageId } }) => ({ conversationId, messageId }));
    const found = await this.#context.messages.get(keys);
    const refusals: Promise<void>[] = [];
    for (const [index, one] of received.entries()) {
      const message = found[index];
      const { by } = one.event;
      // What is absent and what the caller may not see look the same.
      if (message == null || !maySee(message, by)) {
        refusals.push(this.#refuse(one.event, 'message_not_found', 'you have no such message in this conversation'));
      } else if (message.from !== by) {
        refusals.push(this.#refuse(one.event, 'recall_refused', 'only its sender can recall a message'));
      } else if (one.event.at - message.sentAt > this.#context.limits.recallWindowMs) {
        refusals.push(this.#refuse(one.event, 'recall_refused', 'the message is too old to be recalled'));
      } else await this.#act(one, message, feed);
    }
    await Promise.all(refusals);
  }

  async #act({ event, redelivered }: Received<ActionEvent>, message: StoredMessage, feed: SearchFeed): Promise<void> {
    const { conversationId, messageId } = message;
    const { conversations, messages, recalled } = this.#context;
    const action = actionOn(message, event);
    await messages.apply({ conversationId, messageId }, action, event.nodeId);
    const places = await conversations.act({ ...action, conversationId, messageId, audience: message.audience });
    feed.add([{ conversationId, messageId }]);
    for (const userId of receiversOf(message)) await recalled.drop(userId, messageId);
    if (places !== null) await this.#tell({ ...action, type: 'action', conversationId, messageId }, places);
    // The crash may have come before the telling; the places in the logs are found by a sync.
    else if (redelivered) await this.#tellToSync(message);
  }

  async #tell(update: ActionUpdate, places: readonly Place[]): Promise<void> {
    const deliveries = places.flatMap(({ log, position }) => {
      const userId = ownerOf(log);
      return userId === null ? [] : [{ userId, frame: encodeServerFrame(actionFrame(update, position)) }];
    });
    await this.#context.router.route(deliveries);
  }

  async #tellToSync({ audience }: StoredMessage): Promise<void> {
    await this.#context.router.route(ownersOf(audience).map((userId) => ({ userId, frame: SYNC_NEEDED })));
  }

  async #refuse(event: ActionEvent, code: 'message_not_found' | 'recall_refused', message: string): Promise<void> {
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

/** The action with its number: the next of the message's; that of a recall which has been made already, so that repeats do nothing. */
export function actionOn(
  { revision, recalledAt }: StoredMessage,
  { action, by, at }: Omit<MessageAction, 'revision'>,
): MessageAction {
  return { action, by, at, revision: recalledAt === undefined ? revision + 1 : revision };
}
