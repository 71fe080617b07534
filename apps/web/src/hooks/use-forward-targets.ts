import type { ConversationId, UserId } from '@chasqui/domain';
import { nameOf } from '../model/conversation-list.ts';
import { conversationWith } from '../model/direct.ts';
import { useStore } from '../store.ts';
import { useFound } from './use-found.ts';
import { useMessenger } from './use-messenger.ts';

/** Where messages can be forwarded to. */
export interface ForwardTarget {
  conversationId: ConversationId;
  /** Empty: a group. */
  peer: UserId;
  name: string;
  picture: string;
}

/** The user's conversations with these words in their names, the last active first, and the people whom the server finds. */
export function useForwardTargets(text: string): readonly ForwardTarget[] {
  const { conversations, me } = useMessenger();
  const { rows } = useStore(conversations);
  const found = useFound(text.trim(), 'contacts');
  const wanted = text.trim().toLocaleLowerCase();
  const open = rows
    .filter(({ group }) => group === undefined || group.role !== undefined)
    .map((row) => ({ ...row, name: nameOf(row), picture: row.group?.picture ?? '' }))
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    .map(({ conversationId, peer, name, picture }) => ({ conversationId, peer, name, picture }));
  const people = (found ?? [])
    .map(({ userId, displayName }) => ({
      ...{ conversationId: conversationWith(me, userId), peer: userId, name: displayName, picture: '' },
    }))
    .filter(({ conversationId }) => !open.some((one) => one.conversationId === conversationId));
  return [...open, ...people];
}
