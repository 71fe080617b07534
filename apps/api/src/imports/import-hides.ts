import { directPeer, ImError, isGroupId } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import { type LineOutcome, outcomesOf } from './line-outcomes.ts';

/** Lines that are looked at, and users for whom messages are hidden, in parallel. */
const AT_ONCE = 64;

/** Lines that say what a user has deleted for themself alone. Wrong lines wait for none of the same user. */
export async function importHides(context: ImportContext, lines: readonly LineOf<'hide'>[]): Promise<LineOutcome[]> {
  const refusals = new Map<LineOf<'hide'>, ImError>();
  await inParallel(lines, AT_ONCE, async (line) => {
    const refusal = await refusalOf(context, line);
    if (refusal !== null) refusals.set(line, refusal);
  });
  return outcomesOf(
    lines,
    { key: ({ userId }) => userId, atOnce: AT_ONCE },
    async (line) => refusals.get(line) ?? hide(context, line),
  );
}

/** Null if the line may be imported. */
async function refusalOf(
  { messages, erasures }: ImportContext,
  { conversationId, userId, messageIds }: LineOf<'hide'>,
): Promise<ImError | null> {
  if (!isGroupId(conversationId) && directPeer(conversationId, userId) === null) {
    return new ImError('not_a_member', 'this user is not in this conversation', { field: 'userId' });
  }
  const [found, [erasure]] = await Promise.all([
    messages.get(messageIds.map((messageId) => ({ conversationId, messageId }))),
    erasures.get([userId]),
  ]);
  if (erasure !== null) return new ImError('user_erased', 'this user was erased', { field: 'userId' });
  const absent = found.indexOf(null);
  if (absent === -1) return null;
  const field = `messageIds.${absent}`;
  return new ImError('message_not_found', 'there is no such message in this conversation', { field });
}

async function hide(
  { conversationStates, clock }: ImportContext,
  { conversationId, userId, messageIds }: LineOf<'hide'>,
): Promise<LineOutcome> {
  try {
    const position = await conversationStates.hide({ userId, conversationId }, messageIds, clock.now());
    return position === null ? 'repeated' : 'imported';
  } catch (error) {
    if (ImError.from(error).code === 'limit_reached') return ImError.from(error);
    throw error;
  }
}
