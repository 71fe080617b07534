import { actionEvent, actionFrame, type KnownMember } from '@chasqui/core';
import {
  type ActionEvent,
  actionUpdate,
  applyAction,
  defined,
  type MessageAction,
  type Place,
  type Position,
  receiversOf,
  removesContent,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import type { MessageKey } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { namedBy, notifyNamed, whoSees } from '../announce/named-in-edits.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { readStandings } from './action-roles.ts';
import { type ActionRefusal, actionOn, doneAs, refusalOf } from './action-rules.ts';
import { allEnded } from './all-ended.ts';
import type { EventHandler } from './event-handler.ts';
import { HeldMessages } from './held-messages.ts';
import { NO_SUCH_MESSAGE } from './reaction-rules.ts';

/** How many actions are remembered as announced, twice. */
const MAX_TOLD = 1_000;
/** Actions of a batch, on different messages, that are applied side by side. */
const MAX_AT_ONCE = 50;

/** What a batch of actions is handled with. */
interface Work {
  held: HeldMessages;
  feed: BatchFeed;
}

/**
 * Applies members' actions to stored messages: in the message store, in each log of the audience, and in the index.
 * Then it tells the users whose inboxes have the action. A recall removes content, preview and search text; an edit
 * replaces them.
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
    const [found, standingOf] = await Promise.all([
      this.#context.messages.get(keys),
      readStandings(this.#context.groups, events),
      held.prepare(events),
    ]);
    // Changes with each action of the batch: the next action on the same message needs the latest revision.
    const messages = new Map(keys.map((key, index) => [nameOf(key), found[index]]));
    const handleOne = async (one: Received<ActionEvent>): Promise<void> => {
      const name = nameOf(one.event);
      const message = messages.get(name);
      const standing = message == null ? undefined : standingOf(message, one.event.by);
      // A missing message and an invisible one get the same answer.
      if (message == null || standing === undefined) return this.#refuse(one.event, NO_SUCH_MESSAGE);
      const refusal = this.#refusal(message, one.event, standing);
      if (refusal !== null) return this.#refuse(one.event, refusal);
      messages.set(name, await this.#act(one, message, standing, { held, feed }));
    };
    // Actions on a message follow each other; those on others begin in their order, so that stores commit them together.
    // What removes content waits for all before it, and is waited for: a hold that is placed meanwhile covers the next.
    const turns = new Map<string, Promise<void>>();
    const allDone = async (): Promise<void> => {
      await allEnded([...turns.values()]);
      turns.clear();
    };
    for (const one of received) {
      const name = nameOf(one.event);
      if (removesContent(one.event) || turns.size === MAX_AT_ONCE) await allDone();
      const before = turns.get(name);
      turns.set(name, before === undefined ? handleOne(one) : before.then(() => handleOne(one)));
      if (removesContent(one.event)) await allDone();
    }
    await allDone();
  }

  /** What was done before is not refused, whatever has changed since; but for a recall, which only a repeat can find. */
  #refusal(message: StoredMessage, event: ActionEvent, standing: KnownMember): ActionRefusal | null {
    if (event.action !== 'recall' && doneAs(message, event) !== null) return null;
    return refusalOf(message, event, { standing, limits: this.#context.limits });
  }

  /** Returns the message after the action. */
  async #act(
    { event, redelivered }: Received<ActionEvent>,
    message: StoredMessage,
    standing: KnownMember,
    { held, feed }: Work,
  ): Promise<StoredMessage> {
    const { conversationId, messageId } = message;
    const { conversations, messages, recalled } = this.#context;
    const action = actionOn(message, event, this.#context.keptVersions);
    const after = action.revision > message.revision ? applyAction(message, action) : message;
    await held.keep(message, action);
    await messages.apply({ conversationId, messageId }, action, event.nodeId);
    const places = await conversations.act({ ...action, conversationId, messageId, audience: message.audience });
    feed.search.add([{ conversationId, messageId }]);
    if (places !== null || redelivered)
      feed.events.add('message.action', () => [actionEvent({ ...action, conversationId, messageId })]);
    for (const userId of receiversOf(message)) await recalled.drop(userId, messageId);
    const named = places !== null || redelivered ? namedBy(action, message) : [];
    await notifyNamed(this.#context, after, named);
    const name = `${messageId} ${action.revision}`;
    if (places !== null) await this.#tell(action, after, { places, standing, named });
    // A crash may have preceded the announcement. The positions are not known any more, so devices must sync.
    else if (redelivered && this.#told.get(name) === undefined) await this.#tellToSync(message, event.by);
    else if (event.action !== 'recall') await this.#answer(event, action, after);
    this.#told.set(name, true);
    return after;
  }

  /**
   * Not everybody in a group may see the message where newcomers do not see the history: they sync. Whoever is named
   * there is told alone, as their device may not have the group's log.
   */
  async #tell(
    action: MessageAction,
    message: StoredMessage,
    { places, standing, named }: { places: readonly Place[]; standing: KnownMember; named: readonly UserId[] },
  ): Promise<void> {
    const isForAll = standing.group?.settings.history !== 'since_join';
    const frameAt = (position: Position) => frameOf(action, message, { position, isShown: isForAll });
    const deliveries = places.map(({ log, position }) => toLog(log, action.by, frameAt(position)));
    await this.#context.router.route(deliveries);
    if (isForAll || named.length === 0) return;
    const frame = encodeServerFrame(frameOf(action, message, { ...places[0], isShown: true }));
    const seeing = await whoSees(this.#context.groups, message, named);
    await this.#context.router.route(seeing.map((userId) => ({ userId, frame })));
  }

  /** A repeat is answered to its session alone: it shows that the action was done. */
  async #answer(event: ActionEvent, action: MessageAction, message: StoredMessage): Promise<void> {
    await this.#toSession(event, frameOf(action, message, { isShown: true }));
  }

  async #tellToSync({ audience }: StoredMessage, by: UserId): Promise<void> {
    await this.#context.router.route(audience.map((log) => toLog(log, by, { type: 'sync_needed' })));
  }

  async #refuse(event: ActionEvent, { code, field, message }: ActionRefusal): Promise<void> {
    await this.#toSession(event, {
      type: 'error',
      code,
      message,
      retry: 'never',
      field,
      ...defined({ ref: event.ref }),
    });
  }

  async #toSession({ by, nodeId, sessionId }: ActionEvent, frame: ServerFrame): Promise<void> {
    await this.#context.router.route([{ userId: by, nodeId, onlySession: sessionId, frame: encodeServerFrame(frame) }]);
  }
}

/** `isShown`: the frame has the content of an edit. */
function frameOf(
  action: MessageAction,
  message: StoredMessage,
  { position, isShown }: { position?: Position; isShown: boolean },
): ServerFrame {
  const frame = actionFrame(actionUpdate(action, message), position, isShown ? message : null);
  return { ...frame, ...(action.action === 'edit' ? { actionId: action.actionId } : {}) };
}

function nameOf({ conversationId, messageId }: MessageKey): string {
  return `${conversationId} ${messageId}`;
}
