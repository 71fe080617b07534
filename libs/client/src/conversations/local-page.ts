import type { MessageId } from '@chasqui/domain';

/** Below which message, and how many. */
export interface LocalPage {
  before?: MessageId | undefined;
  limit?: number;
}
