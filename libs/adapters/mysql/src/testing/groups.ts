import type { MessageToRecord, UserId } from '@chasqui/domain';
import {
  type ChangeDetails,
  type ChangeName,
  contentDigests,
  type GroupChange,
  groupLog,
  type LogEntry,
} from '@chasqui/domain';
import { expect } from 'vitest';
import type { MysqlEngines } from '../index.ts';
import { messageOf } from './traffic.ts';

export const BOUNDS = { maxGroupMembers: 1_000, maxGroupsPerUser: 1_000 };
let made = 0;

/** A new message to a group. */
export function groupMessageOf(
  conversationId: string,
  from: UserId,
  mentions?: MessageToRecord['mentions'],
): MessageToRecord {
  const { content, ...message } = messageOf(from, conversationId);
  const digests = contentDigests({ to: conversationId, kind: 'group', content });
  const group = { conversationId, kind: 'group' as const, audience: [groupLog(conversationId)], digests };
  return { ...message, content, ...group, ...(mentions && { mentions }) };
}

/** A new change of a group. */
export function changeOf<N extends ChangeName>(
  conversationId: string,
  by: UserId,
  change: N,
  details: ChangeDetails[N],
): GroupChange {
  made++;
  return { conversationId, by, change, details, changeId: `change-${made}`, at: Date.now() } as GroupChange;
}

export function creationOf(conversationId: string, by: UserId, members: readonly UserId[]): GroupChange {
  return changeOf(conversationId, by, 'create', { name: 'G', description: '', picture: '', settings: {}, members });
}

/** The group's log; fails unless positions are contiguous, and ids and versions rise with them (C10, C18). */
export async function groupLogOf({ logs }: MysqlEngines, conversationId: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await logs.page(groupLog(conversationId), entries.length, 500);
    for (const entry of page.entries) expect(entry.position).toBe(entries.push(entry));
    if (entries.length >= page.head) break;
    expect(page.entries).not.toEqual([]);
  }
  const ids = entries.flatMap((entry) => (entry.type === 'message' ? [entry.messageId] : []));
  expect(ids).toEqual([...new Set(ids)].sort());
  const versions = entries.flatMap((entry) => (entry.type === 'notice' ? [entry.version] : []));
  expect(versions).toEqual(versions.map((_, n) => n + 1));
  return entries;
}

/** C21: what is unread for members is what the logs say. */
export async function expectExactCounts(engines: MysqlEngines, groups: readonly string[]): Promise<void> {
  for (const conversationId of groups) {
    const entries = await groupLogOf(engines, conversationId);
    const messages = entries.filter((entry) => entry.type === 'message');
    const members = await engines.groups.page(conversationId, { limit: 1_000 });
    const heads = await engines.groups.headsOf(members);
    expect(heads.map((head) => [head?.member.userId, head?.unread])).toEqual(
      heads.map((head) => {
        const upTo = head?.read.upTo ?? '';
        return [
          head?.member.userId,
          messages.filter(({ messageId, from }) => messageId > upTo && from !== head?.member.userId).length,
        ];
      }),
    );
    const [group] = await engines.groups.groups([conversationId]);
    expect(group).toMatchObject({ memberCount: members.length, lastMessageId: messages.at(-1)?.messageId ?? '' });
  }
  expect((await engines.conversations.recount(null, { repair: false, limit: 1_000 })).drift).toEqual([]);
}
