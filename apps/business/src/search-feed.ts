import { type MessageId, SEARCH_TOPIC, type SearchEvent } from '@chasqui/domain';
import type { EventPublisher } from '@chasqui/journey';

/**
 * Tells DataSync which messages changed. Resolves when the bus has it: until then the change is not done, and is
 * repeated with its event.
 */
export async function feedSearch(
  publisher: EventPublisher,
  keys: readonly { conversationId: string; messageId: MessageId }[],
): Promise<void> {
  await Promise.all(
    keys.map(({ conversationId, messageId }) => {
      const event: SearchEvent = { conversationId, messageId };
      return publisher.publish(SEARCH_TOPIC, conversationId, event);
    }),
  );
}
