import type { Clock } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageStore } from '@chasqui/ports';
import { type UnreportedMessages, unreportedReceivers, unreportedSince } from './unreported-receivers.ts';

export interface StartRecoveryOptions {
  clock: Clock;
  messages: Pick<MessageStore, 'recent' | 'beginLookBack' | 'endLookBack'>;
  logger: Logger;
  /** The longest time, in ms, that a live node needs to report unacked messages and to register its users again. */
  waitMs: number;
  /** Handles as offline what is still unreported. Returns false if this process stops before the last user. */
  recover(messages: UnreportedMessages): Promise<boolean>;
}

/**
 * All processes may have ended at once: nodes, presence, and the process that knew whom the nodes had reached. Messages
 * that were being pushed then are among the newest ones (C9). The store keeps the time from which to look until a
 * process has lived long enough to recover the users, so no message is missed, however many processes end before that
 * and whatever is stored in the meantime.
 */
export class StartRecovery {
  readonly #options: StartRecoveryOptions;
  readonly #startedAt: number;
  /** The time from which to look, in Unix ms; null: there is nothing to recover. */
  #since: Promise<number | null> | null = null;
  /** Bounded by the number of messages looked at. */
  #found: { unreported: UnreportedMessages; at: number } | null = null;
  #isDone = false;

  constructor(options: StartRecoveryOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /**
   * Settles once the store keeps the time from which to look, or cannot be reached. A message that is stored before
   * that could move the start of the search past messages still to be found.
   */
  async begun(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'pushes before the start cannot be checked yet: retrying');
    }
  }

  async round(): Promise<void> {
    if (this.#isDone) return;
    const { messages, clock, logger, waitMs, recover } = this.#options;
    try {
      const since = await this.#begin();
      this.#found ??= { unreported: since === null ? new Map() : await this.#find(since), at: clock.monotonic() };
      const { unreported, at } = this.#found;
      if (unreported.size > 0 && (clock.monotonic() < at + waitMs || !(await recover(unreported)))) return;
      await messages.endLookBack?.(this.#startedAt);
      this.#isDone = true;
      this.#found = null;
    } catch (error) {
      logger.warn({ err: error }, 'pushes before the start cannot be checked yet: retrying');
    }
  }

  #begin(): Promise<number | null> {
    this.#since ??= this.#mark().catch((error: unknown) => {
      this.#since = null;
      throw error;
    });
    return this.#since;
  }

  async #mark(): Promise<number | null> {
    const { messages } = this.#options;
    const since = await unreportedSince(messages, this.#startedAt);
    return since === null ? null : ((await messages.beginLookBack?.(since, this.#startedAt)) ?? since);
  }

  async #find(since: number): Promise<UnreportedMessages> {
    const { messages, logger } = this.#options;
    const { messages: unreported, isCut } = await unreportedReceivers(messages, since, this.#startedAt);
    if (isCut) {
      const from = new Date(since).toISOString();
      logger.warn({ from }, 'too many messages since then to check all pushes: older messages keep their status');
    }
    return unreported;
  }
}
