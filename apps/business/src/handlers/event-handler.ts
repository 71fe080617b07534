import type { ConversationEvent } from '@chasqui/domain';
import type { SearchFeed } from '../announce/search-feed.ts';
import type { Received } from '../business-context.ts';

export type EventOf<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

/** What takes all events of one type in a batch, in their order. Idempotent: the bus may deliver twice. */
export interface EventHandler<T extends ConversationEvent['type']> {
  /** `earlier`: what is handled beside; before it has ended no status may be told that is lower. */
  handle(received: readonly Received<EventOf<T>>[], feed: SearchFeed, earlier: Promise<void>): Promise<void>;
}
