import { actionEvent, actionFrame } from '@chasqui/core';
import {
  type ActionEvent,
  type ActionUpdate,
  applyAction,
  defined,
  type ErrorCode,
  type Place,
  receiversOf,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import type { MessageKey } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { readRoles } from './action-roles.ts';
import { ACTION_RULES, actionOn } from './action-rules.ts';
import type { EventHandler } from './event-handler.ts';
import { HeldMessages } from './held-messages.ts';

/** How many actions are remembered as announced, twice. */
const MAX_TOLD = 1_000;

/**
 * Applies members' actions to stored messages: in the message store, in each log of the audience, and in the index.
 * Then it tells the users whose inboxes have the action. A recall removes content, preview and search text.
 */
export class ActionHandler implements EventHandler<'action'> {
  readonly #context: BusinessContext;
  /** Actions that this process has announced: while a batch is retried, nobody is told of them again and again. */
  readonly #told = new RecentMap<string, true>(MAX_TOLD);

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  /** One read says which messages exist, so that actions on invented ids delay nobody. */
  async handle(received: readonly Received<ActionEvent>[], feed: BatchFeed): Promise<void> {
    const keys = received.map(({ event: { conversationId, messageId } }) => ({ conversationId, messageId }));
    const events = received.map(({ event }) => event);
    const held = new HeldMessages(this.#context.holds, this.#context.clock);
    const [found, roleOf] = await Promise.all([
      this.#context.messages.get(keys),
      readRoles(this.#context.groups, events),
      held.prepare(events),
    ]);
    // Changes with each action of the batch: the next action on the same message needs the latest revision.
    const messages = new Map(keys.map((key, index) => [nameOf(key), found[index]]));
    const refusals: Promise<void>[] = [];
    for (const one of received) {
      const name = nameOf(one.event);
      const message = messages.get(name);
      const role = message == null ? undefined : roleOf(message, one.event.by);
      // A missing message and an invisible one get the same answer.
      if (message == null || role === undefined) {
        refusals.push(this.#refuse(one.event, 'message_not_found', 'you have no such message in this conversation'));
        continue;
      }
      const { refusal, refusalCode } = ACTION_RULES[one.event.action];
      const reason = refusal(message, { ...one.event, role }, this.#context.limits);
      if (reason !== null) refusals.push(this.#refuse(one.event, refusalCode, reason));
      else messages.set(name, await this.#act(one, message, held, feed));
    }
    await Promise.all(refusals);
  }

  /** Returns the message after the action. */
  async #act(
    { event, redelivered }: Received<ActionEvent>,
    message: StoredMessage,
    held: HeldMessages,
    feed: BatchFeed,
  ): Promise<StoredMessage> {
    const { conversationId, messageId } = message;
    const { conversations, messages, recalled } = this.#context;
    const action = actionOn(message, event);
    await held.keep(message, action);
    await messages.apply({ conversationId, messageId }, action, event.nodeId);
    const places = await conversations.act({ ...action, conversationId, messageId, audience: message.audience });
    feed.search.add([{ conversationId, messageId }]);
    if (places !== null || redelivered)
      feed.events.add('message.action', () => [actionEvent({ ...action, conversationId, messageId })]);
    for (const userId of receiversOf(message)) await recalled.drop(userId, messageId);
    const name = `${messageId} ${action.revision}`;
    if (places !== null) await this.#tell({ ...action, type: 'action', conversationId, messageId }, places);
    // A crash may have preceded the announcement. The positions are not known any more, so devices must sync.
    else if (redelivered && this.#told.get(name) === undefined) await this.#tellToSync(message, event.by);
    this.#told.set(name, true);
    return action.revision > message.revision ? applyAction(message, action) : message;
  }

  async #tell(update: ActionUpdate, places: readonly Place[]): Promise<void> {
    const deliveries = places.map(({ log, position }) => toLog(log, update.by, actionFrame(update, position)));
    await this.#context.router.route(deliveries);
  }

  async #tellToSync({ audience }: StoredMessage, by: UserId): Promise<void> {
    await this.#context.router.route(audience.map((log) => toLog(log, by, { type: 'sync_needed' })));
  }

  async #refuse(event: ActionEvent, code: ErrorCode, message: string): Promise<void> {
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

function nameOf({ conversationId, messageId }: MessageKey): string {
  return `${conversationId} ${messageId}`;
}
