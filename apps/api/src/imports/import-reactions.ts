import { directPeer, emojiOf, ImError, isGroupId, MAX_REVISION } from '@chasqui/domain';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import { type LineOutcome, outcomesOf } from './line-outcomes.ts';

/** Reactions that are recorded in parallel. */
const AT_ONCE = 500;

/** Lines that say what a user has reacted with. What they have reacted with since stays. */
export function importReactions(context: ImportContext, lines: readonly LineOf<'reaction'>[]): Promise<LineOutcome[]> {
  const key = ({ conversationId, messageId }: LineOf<'reaction'>) => `${conversationId} ${messageId}`;
  return outcomesOf(lines, { key, atOnce: AT_ONCE }, (line) => importOne(context, line));
}

async function importOne(
  { messages, reactions, erasures, limits }: ImportContext,
  { conversationId, messageId, userId: by, emojis, at }: LineOf<'reaction'>,
): Promise<LineOutcome> {
  if (!isGroupId(conversationId) && directPeer(conversationId, by) === null) {
    return new ImError('not_a_member', 'this user is not in this conversation', { field: 'userId' });
  }
  const [[message], [erasure]] = await Promise.all([messages.get([{ conversationId, messageId }]), erasures.get([by])]);
  if (erasure !== null) return new ImError('user_erased', 'this user was erased', { field: 'userId' });
  if (message == null || message.recalledAt !== undefined) {
    return new ImError('message_not_found', 'there is no such message in this conversation', { field: 'messageId' });
  }
  const wanted = emojis.map((text, place) => ({
    ...{ by, on: true, at, actionId: `import-${place}` },
    emoji: emojiOf(text),
  }));
  const wrong = wanted.findIndex(({ emoji }) => emoji === null);
  if (wrong !== -1) return new ImError('invalid_request', 'must be one emoji', { field: `emojis.${wrong}` });
  const { audience } = message;
  const given = { conversationId, messageId, audience, messageRevision: MAX_REVISION, wanted, limits };
  const { outcomes } = (await reactions.react(given)) ?? { outcomes: [] };
  const refused = outcomes.find(({ result }) => result !== 'changed' && result !== 'unchanged');
  if (refused !== undefined) {
    return new ImError('limit_reached', `${refused.result}: ${limits[refused.result as keyof typeof limits]}`, {
      field: 'emojis',
    });
  }
  return outcomes.some(({ result }) => result === 'changed') ? 'imported' : 'repeated';
}
