import {
  type Limits,
  POST_REFUSALS,
  postRefusal,
  type ReactionEvent,
  type ReactionOutcome,
  type StoredMessage,
} from '@chasqui/domain';
import type { ReadStanding } from './action-roles.ts';
import type { ActionRefusal } from './action-rules.ts';

/** A missing message and an invisible one get the same answer. */
export const NO_SUCH_MESSAGE: ActionRefusal = {
  code: 'message_not_found',
  field: 'messageId',
  message: 'you have no such message in this conversation',
};

/** All of an erased user's are taken back. Nobody waits for the answer. */
export function isWithdrawal({ emoji }: Pick<ReactionEvent, 'emoji'>): boolean {
  return emoji === '';
}

/** Why somebody may not react to a message, whatever they react with. Null: they may. */
export function reactionRefusal(
  message: StoredMessage | null,
  event: ReactionEvent,
  standingOf: ReadStanding,
): ActionRefusal | null {
  if (message === null) return NO_SUCH_MESSAGE;
  const isGone = message.recalledAt !== undefined;
  if (isWithdrawal(event)) return isGone ? NO_SUCH_MESSAGE : null;
  const { by, at } = event;
  const standing = standingOf(message, by);
  if (standing === undefined) return NO_SUCH_MESSAGE;
  if (isGone) return { code: 'action_refused', field: 'messageId', message: 'the message was recalled' };
  const { group, member } = standing;
  const reason = group === null ? null : postRefusal(group, member, { from: by, mentionsAll: false, at });
  // Where only admins post, the others react all the same.
  return reason === null || reason === 'not_allowed' ? null : POST_REFUSALS[reason];
}

/** Why a reaction was not recorded. Null: it was, now or before. */
export function outcomeRefusal(
  result: ReactionOutcome['result'],
  { maxReactionEmojis, maxReactionsPerUser }: Limits,
): ActionRefusal | null {
  const refused = (message: string) => ({ code: 'action_refused', field: 'emoji', message }) as const;
  if (result === 'maxReactionEmojis') return refused(`a message has reactions of at most ${maxReactionEmojis} emojis`);
  if (result === 'maxReactionsPerUser')
    return refused(`you can react to a message with at most ${maxReactionsPerUser} emojis`);
  return null;
}
