import type { ConversationId, Member, MessageId, Role, UserId } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';

const PAGE = 500;

/** What an export keeps of a member while it runs; a group has at most `maxGroupMembers`. */
export interface ExportedMember {
  userId: UserId;
  role: Role;
  joinedAt: number;
  /** The last message before they joined. */
  afterId: MessageId | '';
  /** The last message that they have read. */
  read: MessageId | '';
}

/** The members of a group in the order in which they joined. */
export async function membersOf(
  { groups }: { groups: Pick<GroupStore, 'page' | 'headsOf'> },
  conversationId: ConversationId,
): Promise<ExportedMember[]> {
  const members: ExportedMember[] = [];
  for (let after: Member | undefined, isOver = false; !isOver; ) {
    const page: Member[] = await groups.page(conversationId, {
      ...(after === undefined ? {} : { after }),
      limit: PAGE,
    });
    const heads = await groups.headsOf(page.map(({ userId }) => ({ conversationId, userId })));
    for (const [place, { userId, role, joinedAt, intervals }] of page.entries()) {
      const afterId = intervals.at(-1)?.afterId ?? '';
      members.push({ userId, role, joinedAt, afterId, read: heads[place]?.read.upTo ?? '' });
    }
    after = page.at(-1);
    isOver = page.length < PAGE;
  }
  return members.sort((a, b) => (a.afterId === b.afterId ? a.joinedAt - b.joinedAt : a.afterId < b.afterId ? -1 : 1));
}
