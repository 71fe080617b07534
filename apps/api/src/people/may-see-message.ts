import type { Message, UserId } from '@chasqui/domain';

/** Whether the message is one of the user's: a silenced one is its sender's alone. */
export function maySeeMessage({ from, to, silenced }: Message, userId: UserId): boolean {
  return from === userId || (to === userId && !silenced);
}
