import { reactionEvent, reactionFrame } from '@chasqui/core';
import { defined, type ReactionEvent, type ReactionOutcome, type StoredMessage } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import type { RecordedReactions } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { ReadStanding } from './action-roles.ts';
import type { ActionRefusal } from './action-rules.ts';
import { isWithdrawal } from './reaction-rules.ts';

/** How many reactions are remembered as announced, twice. */
const MAX_TOLD = 1_000;

/** A reaction, and what became of it. */
export type SettledReaction = Received<ReactionEvent> & ReactionOutcome;

interface News extends Pick<RecordedReactions, 'reactions' | 'places'> {
  standingOf: ReadStanding;
  feed: BatchFeed;
}

/** Says who is told what of recorded reactions. */
export class ReactionNews {
  readonly #context: Pick<BusinessContext, 'router'>;
  /** Reactions that this process has announced: while a batch is retried, nobody is told of them again and again. */
  readonly #told = new RecentMap<string, true>(MAX_TOLD);

  constructor(context: Pick<BusinessContext, 'router'>) {
    this.#context = context;
  }

  /** Changes go to everybody who has the message, in one frame; a repeat is answered to its session alone. */
  async tell(message: StoredMessage, settled: readonly SettledReaction[], news: News): Promise<void> {
    for (const { event, result, redelivered } of settled) {
      const isDone = result === 'changed' || (result === 'unchanged' && redelivered);
      if (isDone && !isWithdrawal(event)) news.feed.events.add('message.reaction', () => [reactionEvent(event)]);
    }
    const changed = settled.filter(({ result }) => result === 'changed');
    if (changed.length > 0) await this.#tellAll(message, changed, news);
    for (const one of settled) {
      const { event, result, redelivered } = one;
      // A crash may have preceded the announcement. The positions are not known any more, so devices must sync.
      const isLost = redelivered && this.#told.get(nameOf(event)) === undefined;
      if (result === 'unchanged' && isLost) await this.#tellToSync(message, event);
      else if (result === 'unchanged') await this.#answer(one, news);
      this.#told.set(nameOf(event), true);
    }
  }

  async refuse(event: ReactionEvent, { code, field, message }: ActionRefusal): Promise<void> {
    const { ref } = event;
    await this.#toSession(event, { type: 'error', code, message, retry: 'never', field, ...defined({ ref }) });
  }

  /**
   * Where newcomers do not see the history, not everybody may see the message (C20): the frame says nothing, devices that
   * have the message sync, and whoever reacted is answered alone.
   */
  async #tellAll(message: StoredMessage, changed: readonly SettledReaction[], news: News): Promise<void> {
    const { reactions, places, standingOf } = news;
    const facts = { ...message, at: reactions.at };
    const [first] = changed as [SettledReaction];
    const isForAll = changed.every(
      ({ event: { by } }) => standingOf(message, by)?.group?.settings.history !== 'since_join',
    );
    const shown = isForAll ? { reactions: { ...reactions, mine: [] }, changes: changed.map(changeOf) } : {};
    await this.#context.router.route(
      places.map(({ log, position }) => toLog(log, first.event.by, reactionFrame(facts, position, shown))),
    );
    if (!isForAll) for (const one of changed) await this.#answer(one, news);
  }

  async #answer(one: SettledReaction, { reactions }: News): Promise<void> {
    const shown = { reactions: { ...reactions, mine: [] }, changes: [changeOf(one)] };
    await this.#toSession(one.event, reactionFrame({ ...one.event, at: reactions.at }, undefined, shown));
  }

  async #tellToSync({ audience }: StoredMessage, { by }: ReactionEvent): Promise<void> {
    await this.#context.router.route(audience.map((log) => toLog(log, by, { type: 'sync_needed' })));
  }

  async #toSession(event: ReactionEvent, frame: ServerFrame): Promise<void> {
    if (isWithdrawal(event)) return;
    const { by, nodeId, sessionId } = event;
    await this.#context.router.route([{ userId: by, nodeId, onlySession: sessionId, frame: encodeServerFrame(frame) }]);
  }
}

function changeOf({ event: { by, actionId }, emojis }: SettledReaction) {
  return { by, emojis: [...emojis], actionId };
}

function nameOf({ messageId, by, actionId }: ReactionEvent): string {
  return `${messageId} ${by} ${actionId}`;
}
