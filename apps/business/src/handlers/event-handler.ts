import type { ConversationEvent } from '@chasqui/domain';
import type { BatchFeed } from '../announce/batch-feed.ts';
import type { Received } from '../business-context.ts';

export type EventOf<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

/** Handles all events of one type in a batch, in order. Idempotent, as the bus delivers at least once. */
export interface EventHandler<T extends ConversationEvent['type']> {
  /** `earlier`: receipts handled concurrently; await it before announcing a lower status. */
  handle(received: readonly Received<EventOf<T>>[], feed: BatchFeed, earlier: Promise<void>): Promise<void>;
}
