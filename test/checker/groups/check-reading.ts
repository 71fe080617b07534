import { ConversationAccess, readKnownMembers } from '@chasqui/core';
import { DEFAULT_LIMITS, isEditedSinceLeft, type StoredMessage, visibleIntervals } from '@chasqui/domain';
import { findMessages } from '../../../apps/api/src/people/find-messages.ts';
import { readGroupHistory } from '../../../apps/api/src/people/read-history.ts';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { GroupEvidence } from './evidence.ts';
import { type GroupEngines, type GroupOutcome, isWithin } from './outcome.ts';

const PAGE = 100;
/** Messages of one group that each user searches for: the newest. A search costs more than a page of history. */
const SEARCHED = 60;

/**
 * C3, C13, C20: history and search, as HTTP reads them, have all that was sent during the stays of a user, and nothing
 * else but, where newcomers may read the history, what came before the end of one.
 */
export async function checkReading(
  { engines, hidden }: Pick<GroupEvidence, 'engines' | 'hidden'>,
  outcome: GroupOutcome,
): Promise<Violation[]> {
  const { group, members, messages, entries } = outcome;
  const id = group.conversationId;
  const positions = new Map(
    entries.flatMap((entry) => (entry.type === 'message' ? [[entry.messageId as string, entry.position]] : [])),
  );
  const faults: Violation[] = [];
  for (const [userId, member] of members) {
    const { intervals } = member;
    const end = intervals.at(-1)?.upTo ?? Number.POSITIVE_INFINITY;
    const compare = (where: string, has: (message: StoredMessage) => boolean, some: readonly StoredMessage[]) => {
      for (const message of some) {
        const position = positions.get(message.messageId) ?? 0;
        const identity = identityOf(message.from, message.clientMessageId);
        const isOwn = isWithin(intervals, position);
        const mayBe = isOwn || (group.settings.history === 'all' && position <= end);
        const text = `${where} of ${userId} in ${id} has ${has(message) ? '' : 'not '}${identity} at ${position}`;
        if (has(message) && !mayBe) faults.push(violation('C20', `${text}, outside their stays`, identity));
        if (!has(message) && isOwn) faults.push(violation('C3', `${text}, within their stays`, identity));
      }
    };
    const history = await historyOf(engines, id, userId);
    compare('the history', ({ messageId }) => history.has(messageId), messages);
    const mayFind = (message: StoredMessage) =>
      !hidden?.has(`${userId} ${message.messageId}`) && !isEditedSinceLeft(member, message);
    const searched = messages
      .filter(({ content: { text = '' } }) => text !== '')
      .filter(mayFind)
      .slice(-SEARCHED);
    const found = new Set<string>();
    for (const { content } of searched) {
      for (const messageId of await search(engines, userId, content.text?.split(' ').at(-1) ?? ''))
        found.add(messageId);
    }
    compare('the search', ({ messageId }) => found.has(messageId), searched);
  }
  return faults;
}

async function historyOf(engines: GroupEngines, conversationId: string, userId: string): Promise<Set<string>> {
  const [{ group, member } = {}] = await readKnownMembers(engines.groups, [{ conversationId, userId }]);
  const all = new Set<string>();
  if (group == null) return all;
  let before: string | undefined;
  do {
    const scope = {
      conversationId,
      clearedUpTo: '',
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    } as const;
    const page = await readGroupHistory(engines.messages, visibleIntervals(group, member), scope);
    for (const { messageId } of page.messages) all.add(messageId);
    before = page.nextBefore;
  } while (before !== undefined);
  return all;
}

/** The ids that the user's search finds. */
async function search(engines: GroupEngines, userId: string, text: string): Promise<string[]> {
  const { search: index, groups, conversationStates, messages } = engines;
  const context = { search: index, groups, conversationStates, messages, limits: DEFAULT_LIMITS };
  const access = new ConversationAccess(groups);
  const { items } = await findMessages({ ...context, access }, userId, { text, limit: PAGE });
  return items.map(({ messageId }) => messageId);
}
