import type { MessageId, MessageStep } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';

/** Messages of the younger and of the older half. */
const HALF = 10_000;

interface Commit {
  step: MessageStep;
  /** A receipt that says *delivered* has been handled here. */
  delivered: boolean;
}

/**
 * When this process saw messages committed. It cannot be written with them, as it comes after; so it is remembered for the
 * moments until a receipt or an offline event of the same conversation, which the same process handles, notes it with what
 * is written then. What was forgotten, or is lost with the process, shows in a trace as stored when storing began.
 */
export class CommitTimes {
  readonly #commits = new RecentMap<MessageId, Commit>(HALF);

  add(messageId: MessageId, step: MessageStep): void {
    this.#commits.set(messageId, { step, delivered: false });
  }

  of(messageId: MessageId): MessageStep | undefined {
    return this.#commits.get(messageId)?.step;
  }

  /** True once for each message that is known here: its first *delivered* needs no look at what is stored. */
  firstDelivered(messageId: MessageId): boolean {
    const commit = this.#commits.get(messageId);
    if (commit === undefined || commit.delivered) return false;
    commit.delivered = true;
    return true;
  }
}
