import type { OpenPromise } from '../basics/open-promise.ts';
import type { ShownReactions } from '../conversations/shown-reactions.ts';
import type { ActionOrigin } from './action-origin.ts';

/** A reaction that the server has not answered. */
export interface Wanted {
  on: boolean;
  actionId: string;
}

/** Those to one message, as the store keeps them. */
export interface Unanswered extends ActionOrigin {
  /** What the server said last. */
  base: ShownReactions | undefined;
  wanted: { [emoji: string]: Wanted };
}

export interface WaitingReactions extends Unanswered {
  /** What the message shows; by this it is found when it gets another id. */
  shown?: ShownReactions | undefined;
  /** Who waits, by the emoji; nobody after a restart. */
  answers: Map<string, OpenPromise<void>[]>;
}

/** Without who waits. */
export function kept({ answers: _, shown: __, ...unanswered }: WaitingReactions): Unanswered {
  return unanswered;
}
