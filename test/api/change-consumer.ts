import { setTimeout as wait } from 'node:timers/promises';
import type { createManualClock } from '@chasqui/contracts';
import { decodeEvents } from '@chasqui/core';
import { BUSINESS_GROUP, CONVERSATION_TOPIC, type GroupEvent, type Limits } from '@chasqui/domain';
import type { GroupStore, MessageBus } from '@chasqui/ports';

export function isGroupChange(method: string, url: string): boolean {
  return method !== 'GET' && /^\/api\/(?:server\/|admin\/)?group/.test(url);
}

interface Parts {
  bus: Pick<MessageBus, 'consume'>;
  groups: Pick<GroupStore, 'apply'>;
  limits: Limits;
}

/** Applies changes of groups in the order of the bus, as Business does. */
export class ChangeConsumer implements AsyncDisposable {
  readonly #parts: Parts;
  #consumer: AsyncDisposable | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Lets time pass until the answer is there. */
  async during<T>(answer: Promise<T>, clock: ReturnType<typeof createManualClock>): Promise<T> {
    const { bus, groups, limits } = this.#parts;
    this.#consumer ??= bus.consume({
      topic: CONVERSATION_TOPIC,
      group: BUSINESS_GROUP,
      handle: async (batch) => {
        const events = batch.flatMap(({ body }) => decodeEvents(body)) as GroupEvent[];
        for (const { change } of events) await groups.apply(change, limits);
      },
    });
    let isAnswered = false;
    const watched = answer.finally(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      await clock.advance(2);
      await wait(1);
    }
    return watched;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer?.[Symbol.asyncDispose]();
  }
}
