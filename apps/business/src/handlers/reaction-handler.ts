import {
  MAX_CHANGES,
  MAX_REVISION,
  type ReactionEvent,
  type ReactionOutcome,
  type StoredMessage,
} from '@chasqui/domain';
import type { RecordedReactions } from '@chasqui/ports';
import type { BatchFeed } from '../announce/batch-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { type ReadStanding, readStandings } from './action-roles.ts';
import { allEnded } from './all-ended.ts';
import type { EventHandler } from './event-handler.ts';
import { ReactionNews } from './reaction-news.ts';
import { outcomeRefusal, reactionRefusal } from './reaction-rules.ts';

/** Messages whose reactions are recorded side by side. */
const MAX_AT_ONCE = 50;

type Reacting = Received<ReactionEvent>;

/** What a batch of reactions is handled with. */
interface Work {
  standingOf: ReadStanding;
  feed: BatchFeed;
}

/**
 * Records reactions, and tells everybody who has the message what they are now. Those of a batch to one message are one
 * update of its logs and one frame, so that a storm of them costs a group little more than its batches.
 */
export class ReactionHandler implements EventHandler<'react'> {
  readonly #context: BusinessContext;
  readonly #news: ReactionNews;

  constructor(context: BusinessContext) {
    this.#context = context;
    this.#news = new ReactionNews(context);
  }

  async handle(received: readonly Reacting[], feed: BatchFeed): Promise<void> {
    const { messages, groups } = this.#context;
    const byMessage = Map.groupBy(received, ({ event }) => `${event.conversationId} ${event.messageId}`);
    const each = [...byMessage.values()] as [Reacting, ...Reacting[]][];
    const keys = each.map(([{ event }]) => ({ conversationId: event.conversationId, messageId: event.messageId }));
    const events = received.map(({ event }) => event);
    const [found, standingOf] = await Promise.all([messages.get(keys), readStandings(groups, events)]);
    const works = each.map((some, index) => async () => {
      const message = found[index] ?? null;
      const allowed = await this.#allowed(message, some, standingOf);
      for (let start = 0; start < allowed.length; start += MAX_CHANGES) {
        await this.#react(message as StoredMessage, allowed.slice(start, start + MAX_CHANGES), { standingOf, feed });
      }
    });
    for (let start = 0; start < works.length; start += MAX_AT_ONCE) {
      await allEnded(works.slice(start, start + MAX_AT_ONCE).map((work) => work()));
    }
  }

  /** Those who may react to the message; the others are told why not. */
  async #allowed(
    message: StoredMessage | null,
    received: readonly Reacting[],
    standingOf: ReadStanding,
  ): Promise<Reacting[]> {
    const allowed: Reacting[] = [];
    for (const one of received) {
      const refusal = reactionRefusal(message, one.event, standingOf);
      if (refusal === null) allowed.push(one);
      else await this.#news.refuse(one.event, refusal);
    }
    return allowed;
  }

  async #react(message: StoredMessage, received: readonly Reacting[], { standingOf, feed }: Work): Promise<void> {
    let [judged, reacting] = [message, received];
    let recorded = await this.#record(judged, reacting, judged.revision);
    if (recorded === null) {
      // It was recalled or edited since it was read, by a process that has the shard now. What it is then decides; the
      // revision does not, as a message store that was restored from a backup may know fewer actions for good.
      const [latest = null] = await this.#context.messages.get([message]);
      reacting = await this.#allowed(latest, received, standingOf);
      if (latest === null || reacting.length === 0) return;
      judged = latest;
      recorded = await this.#record(judged, reacting, MAX_REVISION);
      if (recorded === null) return;
    }
    const { outcomes, reactions, places } = recorded;
    const settled = reacting.map((one, index) => ({ ...one, ...(outcomes[index] as ReactionOutcome) }));
    for (const { event, result } of settled) {
      const refusal = outcomeRefusal(result, this.#context.limits);
      if (refusal !== null) await this.#news.refuse(event, refusal);
    }
    await this.#news.tell(judged, settled, { reactions, places, feed, standingOf });
  }

  #record(
    { conversationId, messageId, audience }: StoredMessage,
    received: readonly Reacting[],
    messageRevision: number,
  ): Promise<RecordedReactions | null> {
    const { reactions, limits } = this.#context;
    const wanted = received.map(({ event: { by, emoji, on, actionId, at } }) => ({
      ...{ by, on, actionId, at },
      emoji: emoji === '' ? null : emoji,
    }));
    return reactions.react({ conversationId, messageId, audience, messageRevision, wanted, limits });
  }
}
