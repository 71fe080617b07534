import { EventPublisher, SYSTEM_ACTION_FORMAT } from '@chasqui/core';
import { type ActionEvent, CONVERSATION_TOPIC, ImError, SYSTEM_USER } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { type MessageKey, NO_SESSION } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';

/** How long messages are looked for to be gone, and how often, in ms. */
const WAIT_MS = 8_000;
const LOOK_MS = 20;

/** Deletes messages for everybody, as the system: everybody who has them gets a `recall`. */
export class SystemRecall {
  readonly #context: Pick<ApiContext, 'messages' | 'clock' | 'nodeId'>;
  readonly #publisher: EventPublisher;

  constructor(context: Pick<ApiContext, 'bus' | 'messages' | 'clock' | 'limits' | 'nodeId'>) {
    this.#context = context;
    this.#publisher = new EventPublisher(context);
  }

  /**
   * Resolves when their content is gone. Errors: `deadline_exceeded`: it will be, ask again; `bus_unavailable`,
   * `store_unavailable`.
   */
  async recall(keys: readonly MessageKey[]): Promise<void> {
    const { clock, nodeId } = this.#context;
    const by = { by: SYSTEM_USER, sessionId: NO_SESSION, nodeId, at: clock.now() };
    await Promise.all(
      keys.map(({ conversationId, messageId }) => {
        const key = { conversationId, messageId };
        const event: ActionEvent = { type: 'action', v: SYSTEM_ACTION_FORMAT, action: 'recall', ...key, ...by };
        return this.#publisher.publish(CONVERSATION_TOPIC, conversationId, event);
      }),
    );
    const until = clock.monotonic() + WAIT_MS;
    for (let left = await this.#left(keys); left.length > 0; left = await this.#left(left)) {
      if (clock.monotonic() > until) {
        throw new ImError('deadline_exceeded', 'not everything is deleted yet: ask again');
      }
      await sleep(clock, LOOK_MS);
    }
  }

  async #left(keys: readonly MessageKey[]): Promise<MessageKey[]> {
    const found = await this.#context.messages.get(keys);
    return keys.filter((_, index) => found[index] != null && found[index].recalledAt === undefined);
  }
}
