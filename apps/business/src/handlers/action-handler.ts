import {
  type ActionEvent,
  applyAction,
  type Place,
  receiversOf,
  removesContent,
  type StoredMessage,
} from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { BatchFeed } from '../announce/batch-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { ActionNews, type DecidedAction, type RefusedAction } from './action-news.ts';
import { type ReadStanding, readStandings } from './action-roles.ts';
import { actionOn, doneAs, refusalOf } from './action-rules.ts';
import type { EventHandler } from './event-handler.ts';
import { HeldMessages } from './held-messages.ts';
import { NO_SUCH_MESSAGE } from './reaction-rules.ts';

/** Actions of a batch that are applied in one call to each store. */
const MAX_AT_ONCE = 50;

/**
 * Applies members' actions to stored messages: in the message store, in each log of the audience, and in the index.
 * Then it tells the users whose inboxes have the action. A recall removes content, preview and search text; an edit
 * replaces them.
 *
 * A round of actions is decided in memory, in order, each by what those before it make of its message. Then each store
 * gets the round in one call: first the message store, as whoever syncs an update reads the content there.
 */
export class ActionHandler implements EventHandler<'action'> {
  readonly #context: BusinessContext;
  readonly #news: ActionNews;

  constructor(context: BusinessContext) {
    this.#context = context;
    this.#news = new ActionNews(context);
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
    let round: (DecidedAction | RefusedAction)[] = [];
    const finish = async (): Promise<void> => {
      const decided = round;
      round = [];
      await this.#finish(decided, held, feed);
    };
    for (const one of received) {
      // What removes content is a round of its own: a hold that is placed meanwhile covers the next.
      const isAlone = removesContent(one.event);
      if (round.length > 0 && (isAlone || round.length === MAX_AT_ONCE)) await finish();
      const decided = this.#decide(one, messages.get(nameOf(one.event)), standingOf);
      if (!('refusal' in decided)) messages.set(nameOf(one.event), decided.after);
      round.push(decided);
      if (isAlone) await finish();
    }
    if (round.length > 0) await finish();
  }

  #decide(
    one: Received<ActionEvent>,
    message: StoredMessage | null | undefined,
    standingOf: ReadStanding,
  ): DecidedAction | RefusedAction {
    const { event } = one;
    const standing = message == null ? undefined : standingOf(message, event.by);
    // A missing message and an invisible one get the same answer.
    if (message == null || standing === undefined) return { event, refusal: NO_SUCH_MESSAGE };
    // What was done before is not refused, whatever has changed since; but for a recall, which only a repeat can find.
    const isRepeat = event.action !== 'recall' && doneAs(message, event) !== null;
    const refusal = isRepeat ? null : refusalOf(message, event, { standing, limits: this.#context.limits });
    if (refusal !== null) return { event, refusal };
    const action = actionOn(message, event, this.#context.keptVersions);
    const after = action.revision > message.revision ? applyAction(message, action) : message;
    return { ...one, action, before: message, after, standing };
  }

  async #finish(round: readonly (DecidedAction | RefusedAction)[], held: HeldMessages, feed: BatchFeed): Promise<void> {
    const decided = round.filter((one): one is DecidedAction => !('refusal' in one));
    const places = decided.length === 0 ? [] : await this.#store(decided, held, feed);
    const placesOf = new Map(decided.map((one, index) => [one, places[index] ?? null]));
    const told = round.map((one) => ('refusal' in one ? one : { ...one, places: placesOf.get(one) ?? null }));
    await this.#news.tell(told, feed);
  }

  async #store(decided: readonly DecidedAction[], held: HeldMessages, feed: BatchFeed): Promise<(Place[] | null)[]> {
    const { conversations, messages, recalled } = this.#context;
    for (const { before, action } of decided) await held.keep(before, action);
    const toApply = decided.map(({ event, action, before: { conversationId, messageId } }) => ({
      ...{ conversationId, messageId, action, node: event.nodeId },
    }));
    await messages.apply(toApply);
    const toRecord = decided.map(({ action, before: { conversationId, messageId, audience } }) => ({
      ...{ ...action, conversationId, messageId, audience },
    }));
    const places = await conversations.act(toRecord);
    const changed = [...new Map(decided.map(({ before }) => [nameOf(before), before])).values()];
    feed.search.add(changed.map(({ conversationId, messageId }) => ({ conversationId, messageId })));
    const receivers = changed.flatMap((one) => receiversOf(one).map((userId) => [userId, one.messageId] as const));
    await Promise.all(receivers.map(([userId, messageId]) => recalled.drop(userId, messageId)));
    return places;
  }
}

function nameOf({ conversationId, messageId }: MessageKey): string {
  return `${conversationId} ${messageId}`;
}
