import type { UserId } from '@chasqui/domain';
import { keyOf, type Named, namedBy } from '../conversations/direct.ts';
import type { Core } from '../core.ts';

/** Who made an action, and in which conversation, as the store keeps it. Before the first login `by` is empty. */
export interface ActionOrigin extends Named {
  readonly by: UserId | '';
}

/** The origin of an action now. Errors: those of `Timeline.view`. */
export function originOf({ timeline, userId }: Core, key: string): ActionOrigin {
  const { conversationId, peer } = timeline.view(key);
  return { by: userId, conversationId, peer };
}

/** After a login: what was made before the first one is this user's. Undefined: it is another user's. */
export function ownedBy(userId: UserId, origin: ActionOrigin): ActionOrigin | undefined {
  if (origin.by === '') return { by: userId, ...namedBy(userId, keyOf(origin)) };
  return origin.by === userId ? origin : undefined;
}
