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
 * Applies members' actions to stored messages: in the message store, in each log of the audience, and in the index.
 * Then it tells the users whose inboxes have the action. A recall removes content, preview and search text.
 */
export class ActionHandler implements EventHandler<'action'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  /** One read says which messages exist, so that recalls of invented ids delay nobody. */
  async handle(received: readonly Received<ActionEvent>[], feed: SearchFeed): Promise<void> {
    const keys = received.map(({ event: { conversationId, messageId } }) => ({ conversationId, messageId }));
    const found = await this.#context.messages.get(keys);
    const refusals: Promise<void>[] = [];
    for (const [index, one] of received.entries()) {
      const message = found[index];
      const { by } = one.event;
      // A missing message and an invisible one get the same answer.
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
    // A crash may have preceded the announcement. The positions are not known any more, so devices must sync.
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

/**
 * The action with its revision, which is the message's next one. A recall that was already made keeps its revision, so
 * that repeats change nothing.
 */
export function actionOn(
  { revision, recalledAt }: StoredMessage,
  { action, by, at }: Omit<MessageAction, 'revision'>,
): MessageAction {
  return { action, by, at, revision: recalledAt === undefined ? revision + 1 : revision };
}
