import { formerSender, type Member, placeImported, placeLast, postRefusal } from '@chasqui/domain';
import { type FirstRecording, placesOf } from '../conversations/dedup.ts';
import { type Given, MENTIONS_ALL, type Outcome } from '../conversations/record-row.ts';
import type { User } from '../conversations/users.ts';
import type { StoreContext } from '../store-context.ts';
import type { GroupState } from './groups.ts';
import type { MemberRow } from './members.ts';
import { Who } from './tallies.ts';

/** A message whose audience is a group's log: see `ConversationStore.record`. */
export function recordInGroup(store: StoreContext, sender: User, given: Given, now: number): Outcome {
  const first = store.dedup.find(sender.id, given.clientMessageId, now);
  if (first !== undefined) return recordAgain(store, given, first);
  const { users, groups, members, journal, groupJournal, conversations } = store;
  const { conversationId, from, messageId: own, clientMessageId: clientId, digest } = given;
  const state = groups.find(conversationId);
  const member = state && members.find(state.id, { conversationId, userId: from })?.member;
  const mentionsAll = given.mentions === MENTIONS_ALL;
  const reason = given.isImported
    ? null
    : postRefusal(state?.group ?? null, member, { from, mentionsAll, at: given.sentAt });
  const recording = { sender: sender.id, clientId, digest, at: now };
  if (state === undefined || reason !== null) {
    const refusal = reason ?? 'not_a_member';
    // Without a number where there is no such group: none is given to a name that somebody made up.
    const conversation = conversations.find(conversationId)?.id ?? 0;
    groupJournal.refuse({ ...recording, conversation, messageId: own, refusal });
    return { result: 'refused', reason: refusal, messageId: own };
  }
  const { lastMessageId, updatedAt } = state.group;
  const messageId = (given.isImported ? placeImported : placeLast)(lastMessageId, given);
  if (messageId === null) return { result: 'out_of_order', messageId: own };
  const log = users.obtain(state.log);
  const { places } = journal.record({ ...recording, conversation: state.id, messageId }, [{ user: log, previous: 0 }]);
  const former = formerSender(state.group, member, { from, at: given.sentAt });
  if (former !== null) members.write(state.id, formerRow(former, sender));
  groupJournal.count(state, messageId, countedFor(store, state, sender, given));
  groupJournal.setLast(state, {
    lastMessageId: messageId,
    lastFrom: from,
    preview: given.preview,
    updatedAt: Math.max(updatedAt, given.sentAt, now),
  });
  return { result: 'recorded', messageId, places: placesOf(places, () => state.log), counts: [] };
}

function formerRow(member: Member, { id: user, name: displayName }: User): MemberRow {
  return { member, user, displayName, read: { upTo: '', at: 0, node: '', others: 0, mentions: 0 } };
}

function recordAgain({ users }: StoreContext, given: Given, first: FirstRecording): Outcome {
  const { messageId, digest, places, refusal } = first;
  if (digest !== given.digest && digest !== given.formerDigest) return { result: 'conflict', messageId };
  if (refusal !== undefined) return { result: 'refused', reason: refusal, messageId };
  const named = placesOf(places, (log) => users.byId(log).name);
  return { result: 'duplicate', messageId, places: named, counts: [] };
}

/** What the message counts for: see `Who`. */
function countedFor({ members }: StoreContext, state: GroupState, sender: User, { mentions }: Given): number[] {
  const whos = [Who.messages, Who.own(sender.id)];
  if (mentions === '') return whos;
  if (mentions === MENTIONS_ALL) return [...whos, Who.toAll, Who.ownToAll(sender.id)];
  const { conversationId } = state.group;
  for (const userId of new Set(mentions.split(','))) {
    const user = members.current(state.id, { conversationId, userId })?.user;
    if (user !== undefined && user !== sender.id) whos.push(Who.named(user));
  }
  return whos;
}
