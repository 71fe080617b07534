import type { MessageId, MessageStep } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';

/** How many messages each half of the map holds, the newer and the older. */
const HALF = 10_000;

interface Commit {
  step: MessageStep;
  /** This process has handled a *delivered* receipt for the message. */
  delivered: boolean;
}

/**
 * When this process saw messages committed. That time cannot be written with the messages, as it comes after. So it is
 * remembered until this process handles a receipt or an offline event of the same conversation, and written with that.
 * If the time is evicted or lost with the process, a trace shows the message as stored when storing began.
 */
export class CommitTimes {
  readonly #commits = new RecentMap<MessageId, Commit>(HALF);

  add(messageId: MessageId, step: MessageStep): void {
    this.#commits.set(messageId, { step, delivered: false });
  }

  of(messageId: MessageId): MessageStep | undefined {
    return this.#commits.get(messageId)?.step;
  }

  /** True once for each message known here: its first *delivered* receipt needs no read of the stored status. */
  firstDelivered(messageId: MessageId): boolean {
    const commit = this.#commits.get(messageId);
    if (commit === undefined || commit.delivered) return false;
    commit.delivered = true;
    return true;
  }
}
