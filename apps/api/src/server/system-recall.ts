import { EventPublisher, recallBySystem } from '@chasqui/core';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { MessageKey } from '@chasqui/ports';
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
    const how = { nodeId, at: clock.now() };
    const publish = (key: MessageKey) =>
      this.#publisher.publish(CONVERSATION_TOPIC, key.conversationId, recallBySystem(key, how));
    await Promise.all(keys.map(publish));
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
