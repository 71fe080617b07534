import type { MessageId } from '@chasqui/domain';
import { Emitter } from '../basics/emitter.ts';
import { platformClock, platformRandom } from '../basics/platform.ts';
import type { Client, ClientOf, ConversationName, FullClient } from '../client.ts';
import { untilOnline } from '../connection/until-online.ts';
import { withState } from '../conversations/conversation-view.ts';
import { keyOf, type Named, namedBy } from '../conversations/direct.ts';
import { reactedMessage } from '../conversations/shown-reactions.ts';
import { createClient } from '../create-client.ts';
import type { GroupEvents } from '../events.ts';
import { GROUP_LIMITS } from '../groups/group-limits.ts';
import { CLIENT_LIMITS } from '../limits.ts';
import type { ClientOptions } from '../options.ts';
import type { ActionSupport, GroupSupport, PartsOf, RecallSupport, StateSupport } from '../parts.ts';
import { checkWatched } from '../receiving/presence-interest.ts';
import type { OpenableDatabase } from '../storing/durable-store.ts';
import type { ClientDatabase } from '../storing/store.ts';
import { aloneChannel, aloneLocks } from './alone.ts';
import type { LedClient } from './calls.ts';
import { broadcastChannel, type OpenChannel } from './channel.ts';
import { groupMirror } from './group-mirror.ts';
import type { TabLocks } from './leadership.ts';
import { Tab } from './tab.ts';

export interface SharedClientOptions extends Omit<ClientOptions, 'store'> {
  /** Tabs of one origin with the same name share a client: it names the server, the user and the device. */
  name: string;
  /** The user, as the server names them. */
  userId: string;
  /** Opens the database of the user. Called in the tab that leads, which closes it. */
  open: () => Promise<ClientDatabase>;
  /** Default: the browser's. */
  locks?: TabLocks;
  /** Default: a `BroadcastChannel`. */
  channel?: OpenChannel;
}

/** The client of a device in one of the tabs that share it. */
export interface SharedClient extends Client {
  /** Closes this tab's, and removes what the database has, in turn with other tabs: the user has logged out. */
  forget(): Promise<void>;
}

/**
 * Begins with what the tab that leads has. Where the browser has no locks (pages without HTTPS), each tab has a client of
 * its own, and the last one replaces the others.
 */
export function createSharedClient<
  Groups extends GroupSupport | undefined = undefined,
  States extends StateSupport | undefined = undefined,
  Recalls extends RecallSupport | undefined = undefined,
  Actions extends ActionSupport | undefined = undefined,
>(
  options: SharedClientOptions & { groups?: Groups; states?: States; recalls?: Recalls; actions?: Actions },
): Promise<ClientOf<PartsOf<Groups, States, Recalls, Actions>> & SharedClient>;
export async function createSharedClient({
  name,
  userId,
  open,
  locks,
  channel,
  ...options
}: SharedClientOptions): Promise<SharedClient> {
  const emitter = new Emitter<GroupEvents>();
  const found = locks ?? platformLocks();
  const opens = channel ?? broadcastChannel;
  const tab = new Tab({
    name: `chasqui ${name}`,
    userId,
    groups: options.groups,
    locks: found ?? aloneLocks(),
    channel: found === undefined ? aloneChannel : opens,
    emitter,
    limits: { ...CLIENT_LIMITS, ...GROUP_LIMITS, ...options.limits },
    clock: options.clock ?? platformClock,
    random: options.random ?? platformRandom,
    open: async () => (await open()) as OpenableDatabase,
    create: (store) => createClient({ ...options, store }) as LedClient,
  });
  await tab.begun;
  return clientOf(tab, emitter, userId);
}

function platformLocks(): TabLocks | undefined {
  const hasBoth = typeof BroadcastChannel === 'function' && typeof navigator === 'object' && 'locks' in navigator;
  return hasBoth ? navigator.locks : undefined;
}

function clientOf(tab: Tab, emitter: Emitter<GroupEvents>, userId: string): FullClient & SharedClient {
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
