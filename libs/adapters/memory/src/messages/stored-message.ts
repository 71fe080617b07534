import type { StoredMessage } from '@chasqui/domain';

/** A copy whose fields and steps may change without the other's; the application's `data` is shared, as nobody changes it. */
export function copyOf(message: StoredMessage): StoredMessage {
  return { ...message, content: { ...message.content }, steps: [...message.steps] };
}
