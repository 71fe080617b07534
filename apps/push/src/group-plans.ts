import type { Clock, ConversationId, GroupPlan, MessageId } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';

/** A group's plan that ended or went on is followed by no new one for this long, in ms. */
export const PAUSE_MS = 5_000;
/** A plan that has not gone on for this long has gone to another process, in ms. */
const LEFT_MS = 60_000;
/** How many groups are remembered. */
const MAX_GROUPS = 10_000;

interface Known {
  /** The newest message that is or was to be planned. */
  newest: MessageId;
  /** The plan that goes on; null: none. */
  running: MessageId | null;
  /** Monotonic ms of its last step. */
  steppedAt: number;
}

/**
 * Which of a group's plans goes on: one after the other, so that a busy group makes no more work than a page of members
 * at a time. Of those that wait, only the newest is planned, besides those that mention all. It is only known what this
 * process saw; what it does not know is planned once more, which devices show as one notification.
 */
export class GroupPlans {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #known = new RecentMap<ConversationId, Known>(MAX_GROUPS);

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** `covered`: a newer plan reaches everybody whom this one would. */
  verdictOn({ conversationId, messageId, mentions, after }: GroupPlan): 'go' | 'wait' | 'covered' {
    const now = this.#clock.monotonic();
    const known = this.#known.get(conversationId) ?? { newest: messageId, running: null, steppedAt: -PAUSE_MS };
    const newest = messageId > known.newest ? messageId : known.newest;
    this.#known.set(conversationId, { ...known, newest });
    if (after === undefined) {
      if (messageId < newest && mentions !== 'all') return 'covered';
      const isBusy = known.running !== null && known.running !== messageId && now < known.steppedAt + LEFT_MS;
      if (isBusy || now < known.steppedAt + PAUSE_MS) return 'wait';
    }
    this.#known.set(conversationId, { newest, running: messageId, steppedAt: now });
    return 'go';
  }

  ended({ conversationId }: GroupPlan): void {
    const known = this.#known.get(conversationId);
    if (known !== undefined) this.#known.set(conversationId, { ...known, running: null });
  }
}
