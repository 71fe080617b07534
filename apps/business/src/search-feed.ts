import { type MessageId, SEARCH_TOPIC, type SearchEvent } from '@chasqui/domain';
import type { EventPublisher } from '@chasqui/journey';

/** Messages in one event. */
const MAX_IDS = 500;

/**
 * Tells DataSync which messages changed, a batch in one event. Resolves when the bus has it: until then the change is
 * not done, and is repeated with its event.
 */
export async function feedSearch(
  publisher: EventPublisher,
  changed: readonly { conversationId: string; messageId: MessageId; trace?: string | undefined }[],
): Promise<void> {
  const publishes: Promise<void>[] = [];
  for (let start = 0; start < changed.length; start += MAX_IDS) {
    const messages = changed
      .slice(start, start + MAX_IDS)
      .map(({ conversationId, messageId, trace }) =>
        trace === undefined ? { conversationId, messageId } : { conversationId, messageId, trace },
      );
    const event: SearchEvent = { messages };
    publishes.push(publisher.publish(SEARCH_TOPIC, messages[0]?.conversationId ?? '', event));
  }
  await Promise.all(publishes);
}
