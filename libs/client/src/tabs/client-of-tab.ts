import type { MessageId } from '@chasqui/domain';
import type { Emitter } from '../basics/emitter.ts';
import type { FullClient } from '../client.ts';
import { untilOnline } from '../connection/until-online.ts';
import type { ConversationName } from '../conversations/conversation-name.ts';
import { keyOf, type Named, namedBy } from '../conversations/direct.ts';
import { withState } from '../conversations/kept-conversation.ts';
import { reactedMessage } from '../conversations/shown-reactions.ts';
import type { GroupEvents } from '../events.ts';
import { checkWatched } from '../receiving/presence-interest.ts';
import { groupMirror } from './group-mirror.ts';
import type { Tab } from './tab.ts';

/** The client that a tab gives its application: it reads from the tab's mirror, and asks the leader for the rest. */
export function clientOf(
  tab: Tab,
  emitter: Emitter<GroupEvents>,
  userId: string,
): FullClient & { forget(): Promise<void> } {
  const { mirror, requests, sent } = tab;
  const { timeline } = mirror;

  /** Another tab may get it. */
  function named(conversation: ConversationName): Named {
    if (typeof conversation === 'string') return namedBy(userId, conversation);
    const { conversationId, peer = '' } = conversation;
    return { conversationId, peer };
  }

  function connect(): Promise<{ userId: string }> {
    const online = mirror.state === 'online' ? Promise.resolve({ userId }) : untilOnline(emitter, () => userId);
    tab.want({ isOnline: true });
    return online;
  }

  /** What another tab has got is not read here. */
  function markRead(name: Named, last?: MessageId): void {
    const others = () => timeline.view(keyOf(name)).messages.findLast(({ mine }) => !mine)?.messageId;
    const upTo = last ?? (name.peer === '' ? mirror.heads.get(name.conversationId)?.lastMessageId : others());
    if (upTo) tab.marks.mark(name, upTo);
  }

  function closeGroup(group: string): void {
    const { groups } = tab.interest;
    if (groups.includes(group)) tab.want({ groups: groups.filter((each) => each !== group) });
  }

  emitter.on('membership', ({ conversationId, role }) => role === undefined && closeGroup(conversationId));

  return {
    get state() {
      return mirror.state;
    },
    userId,
    get storageError() {
      return mirror.storageError;
    },
    connect,
    close: () => tab.close(),
    [Symbol.dispose]: () => tab.close(),
    forget: () => tab.forget(),
    wake: () => tab.tell({ name: 'wake', args: [] }),
    send: (message) => sent.send(message),
    outgoing: () => sent.all(),
    conversation: (conversation) => withState(timeline.view(keyOf(named(conversation)))),
    conversations: () => timeline.conversations().map(withState),
    localMessages: (conversation, page) => requests.call({ name: 'localMessages', args: [named(conversation), page] }),
    group: (group) => groupMirror(tab, group),
    groups: () => mirror.groups().map((group) => groupMirror(tab, group)),
    members: (group, query = {}) => requests.call({ name: 'members', args: [group, query] }),
    openGroup: (group) => tab.want({ groups: [...tab.interest.groups.filter((each) => each !== group), group] }),
    closeGroup,
    markRead: (conversation, upTo) => markRead(named(conversation), upTo),
    setState: (conversation, changes) => requests.call({ name: 'setState', args: [named(conversation), changes] }),
    giveState: (conversation, state) => void requests.call({ name: 'giveState', args: [named(conversation), state] }),
    recall: (conversation, messageId) => requests.call({ name: 'recall', args: [named(conversation), messageId] }),
    edit: (conversation, messageId, ...edit) =>
      requests.call({ name: 'edit', args: [named(conversation), messageId, ...edit] }),
    react: (conversation, message, emoji, on) =>
      requests.call({ name: 'react', args: [named(conversation), reactedMessage(message), emoji, on] }),
    hide: (conversation, messageIds) => requests.call({ name: 'hide', args: [named(conversation), messageIds] }),
    reactors: (conversation, messageId, query = {}) =>
      requests.call({ name: 'reactors', args: [named(conversation), messageId, query] }),
    typing: (conversation, active = true) => tab.tell({ name: 'typing', args: [named(conversation), active] }),
    subscribePresence(users) {
      checkWatched(users);
      tab.want({ presence: [...users] });
    },
    on: <K extends keyof GroupEvents>(event: K, handler: (event: GroupEvents[K]) => void) => emitter.on(event, handler),
  };
}
