import {
  type Clock,
  defined,
  holdsOn,
  type LegalHold,
  type MessageAction,
  removesContent,
  type StoredMessage,
} from '@chasqui/domain';
import type { HoldStore } from '@chasqui/ports';

/**
 * How long the legal holds that were read are used, in ms. A batch may have thousands of deletions: one that is still to
 * be made when a hold is placed is covered by it.
 */
const MAX_AGE_MS = 200;

/** Keeps, for the legal holds that cover them, the messages whose content a batch of actions removes. */
export class HeldMessages {
  readonly #store: Pick<HoldStore, 'keep' | 'list'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #holds: readonly LegalHold[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<HoldStore, 'keep' | 'list'>, clock: Pick<Clock, 'monotonic'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads the holds beforehand, if one of these actions removes content. Errors: `store_unavailable`. */
  async prepare(actions: readonly Pick<MessageAction, 'action'>[]): Promise<void> {
    if (actions.some(removesContent)) await this.#refresh();
  }

  /**
   * Keeps the content of a message that an action is about to remove. Before the action, so that no crash can lose it.
   * Errors: `store_unavailable`.
   */
  async keep(message: StoredMessage, action: Pick<MessageAction, 'action' | 'at'>): Promise<void> {
    if (message.recalledAt !== undefined || !removesContent(action)) return;
    if (this.#clock.monotonic() - this.#readAt >= MAX_AGE_MS) await this.#refresh();
    const { messageId, conversationId, from, sentAt, content, versions } = message;
    const copies = holdsOn(this.#holds, message).map(({ holdId }) => ({
      ...{ holdId, messageId, conversationId, from, sentAt, content, deletedAt: action.at },
      ...defined({ versions }),
    }));
    if (copies.length > 0) await this.#store.keep(copies);
  }

  async #refresh(): Promise<void> {
    const now = this.#clock.monotonic();
    this.#holds = await this.#store.list();
    this.#readAt = now;
  }
}
