import type { StoredMessage } from '@chasqui/domain';

/** A copy whose fields and steps may change independently; the application's `data` is shared, as it never changes. */
export function copyOf(message: StoredMessage): StoredMessage {
  return { ...message, content: { ...message.content }, steps: [...message.steps] };
}
