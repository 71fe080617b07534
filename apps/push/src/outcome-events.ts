import { type EventPublisher, outcomeEvent, ServerEventFeed, type WantedEvents } from '@chasqui/core';
import type { PushOutcome, PushTask } from '@chasqui/domain';
import type { PushOutcomes } from '@chasqui/ports';

export interface OutcomeEventsOptions {
  wanted: WantedEvents;
  publisher: EventPublisher;
  pushOutcomes: Pick<PushOutcomes, 'list'>;
}

/** Tells the host application how notifications ended. Errors: `bus_unavailable`, `store_unavailable`. */
export class OutcomeEvents {
  readonly #options: OutcomeEventsOptions;

  constructor(options: OutcomeEventsOptions) {
    this.#options = options;
  }

  async tell(outcomes: readonly PushOutcome[]): Promise<void> {
    const { wanted, publisher } = this.#options;
    const feed = new ServerEventFeed(publisher, await wanted.current());
    feed.add('push.outcome', () => outcomes.map(outcomeEvent));
    await feed.done();
  }

  /** Tells of outcomes that a crash may have left untold: those of tasks that came again. */
  async tellAgain(tasks: readonly PushTask[]): Promise<void> {
    if (tasks.length === 0) return;
    const types = await this.#options.wanted.current();
    if (types !== 'all' && !types.has('push.outcome')) return;
    const found = await this.#options.pushOutcomes.list(tasks.map(({ messageId }) => messageId));
    await this.tell(tasks.flatMap(({ to }, index) => (found[index] ?? []).filter(({ userId }) => userId === to)));
  }
}
