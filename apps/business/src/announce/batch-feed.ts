import { type EventPublisher, ServerEventFeed } from '@chasqui/core';
import { SearchFeed } from './search-feed.ts';

/** What others are to know of a batch of events: DataSync and the host application. */
export class BatchFeed {
  readonly search: SearchFeed;
  readonly events: ServerEventFeed;

  constructor(publisher: EventPublisher, wanted: ConstructorParameters<typeof ServerEventFeed>[1]) {
    this.search = new SearchFeed(publisher);
    this.events = new ServerEventFeed(publisher, wanted);
  }

  /** Resolves when the bus holds everything. Errors: `bus_unavailable`. */
  async done(): Promise<void> {
    await Promise.all([this.search.done(), this.events.done()]);
  }
}
