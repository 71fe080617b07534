import { conversations } from './0001-conversations.ts';
import { accounts, people } from './0002-0003-people.ts';
import { guard } from './0004-guard.ts';
import { moments } from './0005-moments.ts';
import { confirmedAddresses, generations, lives, sentOrder } from './0006-0009-columns.ts';
import { conversationEntries } from './0010-conversation-entries.ts';
import { conversationStates } from './0011-conversation-states.ts';
import { groups } from './0012-groups.ts';
import { serverEvents } from './0013-server-events.ts';
import { apiKeys } from './0014-api-keys.ts';
import { memberNames } from './0015-member-names.ts';
import { erasures } from './0016-erasures.ts';
import { legalHolds } from './0017-legal-holds.ts';
import { sweeps } from './0018-sweeps.ts';
import { attachments } from './0019-attachments.ts';
import { hiddenMessages } from './0020-hidden-messages.ts';
import { media } from './0021-media.ts';
import { reactions } from './0022-reactions.ts';
import { profilePictures } from './0023-profile-pictures.ts';
import { editMentions } from './0024-edit-mentions.ts';
import { messages } from './0025-messages.ts';
import type { Migration } from './migration.ts';

/** In order. A released step never changes: a change is a new step. */
export const MIGRATIONS: readonly Migration[] = [
  conversations,
  accounts,
  people,
  guard,
  moments,
  sentOrder,
  generations,
  confirmedAddresses,
  lives,
  conversationEntries,
  conversationStates,
  groups,
  serverEvents,
  apiKeys,
  memberNames,
  erasures,
  legalHolds,
  sweeps,
  attachments,
  hiddenMessages,
  media,
  reactions,
  profilePictures,
  editMentions,
  messages,
];

/** The tables that the steps make, except the list of steps itself. */
export function tablesOf(migrations: readonly Migration[]): string[] {
  const names = new Set<string>();
  for (const sql of migrations.flatMap(({ statements }) => statements)) {
    const made = /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(sql)?.[1];
    const [, from = '', to] = /^RENAME TABLE (\w+) TO (\w+)/.exec(sql) ?? [];
    names.delete(from);
    for (const name of [made, to]) if (name !== undefined) names.add(name);
  }
  return [...names];
}
