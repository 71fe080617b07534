import { groupOf, type ImError, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { StartableActions } from './actions/action-part.ts';
import { Emitter } from './basics/emitter.ts';
import { platformClock, platformRandom } from './basics/platform.ts';
import type { Client, ClientOf } from './client.ts';
import { addressSource } from './connection/addresses.ts';
import { Connection } from './connection/connection.ts';
import { webSocketTransport } from './connection/transport.ts';
import { untilOnline } from './connection/until-online.ts';
import type { ChatMessage } from './conversations/chat-message.ts';
import type { ConversationName } from './conversations/conversation-name.ts';
import { type ConversationKey, keyOf, keyOfId, namedBy } from './conversations/direct.ts';
import type { LocalPage } from './conversations/local-page.ts';
import { ShownMessages } from './conversations/shown-messages.ts';
import type { Core } from './core.ts';
import { dispatcher } from './dispatch.ts';
import type { GroupEvents } from './events.ts';
import type { GroupPart, StartableGroups } from './groups/group-part.ts';
import { Inbox } from './inbox.ts';
import { CLIENT_LIMITS, type ClientLimits } from './limits.ts';
import { loginFrames } from './login.ts';
import type { ClientOptions } from './options.ts';
import type { ActionSupport, GroupSupport, PartsOf, RecallSupport, StateSupport } from './parts.ts';
import type { StartableRecalls } from './recalls/recall-part.ts';
import { PresenceInterest } from './receiving/presence-interest.ts';
import { Sender } from './sending/sender.ts';
import type { StartableStates } from './states/state-part.ts';
import { DurableState } from './storing/durable-state.ts';
import { durableStore } from './storing/durable-store.ts';
import { memoryStore } from './storing/store.ts';
import { Timeline } from './timeline/timeline.ts';

/** Builds the client of one device. It is idle before `connect()`, but already accepts messages. */
export function createClient<
  Groups extends GroupSupport | undefined = undefined,
  States extends StateSupport | undefined = undefined,
  Recalls extends RecallSupport | undefined = undefined,
  Actions extends ActionSupport | undefined = undefined,
>(
  options: ClientOptions & { groups?: Groups; states?: States; recalls?: Recalls; actions?: Actions },
): ClientOf<PartsOf<Groups, States, Recalls, Actions>>;
export function createClient(options: ClientOptions): Client {
  const {
    clock = platformClock,
    random = platformRandom,
    transport = webSocketTransport(options.webSocket),
    token,
  } = options;
  const support = options.groups as StartableGroups | undefined;
  const limits = { ...CLIENT_LIMITS, ...support?.limits, ...options.limits } as ClientLimits;
  const emitter = new Emitter<GroupEvents>();
  let storageError: ImError | undefined;
  const store = durableStore(options.store ?? memoryStore(), (error) => {
    storageError = error;
    // Later: the store may be denied before the application could add a handler.
    queueMicrotask(() => emitter.emit('storage', { error }));
  });
  const durable = new DurableState(store);
  const shown = new ShownMessages({ ...limits, changed: (identity, entry) => durable.noteShown(identity, entry) });
  const timeline = new Timeline(emitter, limits, durable.keeper);
  const core: Core = {
    clock,
    random,
    limits,
    emitter,
    timeline,
    durable,
    shown,
    groups: support,
    renewsToken: typeof token === 'function',
    userId: store.userId || durable.head().userId,
    connection: 0,
    maxContentBytes: 32 * 1024,
    maxSyncPage: limits.syncPage,
    get sender() {
      return sender;
    },
    transmit: (frame) => connection.send(frame),
  };
  const host = { core, options, keyOf: named };
  const recalls = (options.recalls as StartableRecalls | undefined)?.start(host);
  const actions = (options.actions as StartableActions | undefined)?.start(host);
  Object.assign(core, { recalls, actions });
  const presence = new PresenceInterest(core);
  const sender = new Sender(core, {
    reconnect: ({ code, message }) => connection.drop({ code, message }),
    storedIsLate: () => inbox.log.syncer.request(),
    unanswered: (...late) => groups?.unanswered(...late) ?? [],
    isSynced: (log) => groups?.isSynced(log) ?? true,
  });
  const groups: GroupPart | undefined = support?.start({
    core,
    options,
    mark: (group, upTo) => inbox.readMarks.mark(keyOfId(group), upTo),
  });
  const inbox = new Inbox(core, groups);
  const states = (options.states as StartableStates | undefined)?.start({ ...host, tracker: inbox.log.tracker });
  inbox.states = states;
  const connection = new Connection(
    {
      clock,
      random,
      transport,
      limits,
      canRenewToken: core.renewsToken,
      nextUrl: addressSource(options, random),
      login: loginFrames(options, inbox, groups),
      willChange: (refusal) => groups?.refused(refusal),
    },
    {
      state: (event) => emitter.emit('state', event),
      received: dispatcher(core, sender, inbox, groups, [recalls, actions]),
      online,
      offline: () => {
        sender.offline();
        recalls?.offline();
        groups?.offline();
        inbox.offline();
      },
    },
  );

  function online({ userId, limits: server }: ServerFrameOf<'login_ok'>): void {
    core.connection++;
    core.maxContentBytes = server.maxContentBytes;
    core.maxSyncPage = server.maxSyncPage;
    if (core.userId !== '' && core.userId !== userId) {
      anotherUser(userId);
      return;
    }
    core.userId = userId;
    timeline.ownedBy(userId);
    inbox.log.syncer.online();
    groups?.online();
    sender.online();
    presence.online();
  }

  /**
   * The store held another user's data: nothing in it applies to this user, and neither does the position in the login.
   */
  function anotherUser(userId: UserId): void {
    sender.disown();
    shown.clear();
    durable.clear();
    timeline.clear();
    groups?.forget();
    inbox.forget();
    core.userId = userId;
    timeline.ownedBy(userId);
    connection.drop({ code: 'session_replaced', message: 'another user has logged in' });
  }

  function named(conversation: ConversationName): ConversationKey {
    return keyOf(typeof conversation === 'string' ? namedBy(core.userId, conversation) : { peer: '', ...conversation });
  }

  /** What was noted is written first, so that the page has it. */
  async function localMessages(key: ConversationKey, page?: LocalPage): Promise<ChatMessage[]> {
    await new Promise<void>((resolve) => durable.flush(resolve));
    return ((await durable.keeper?.page(key, page)) ?? []).map((message) => timeline.known(message));
  }

  function connect(): Promise<{ userId: UserId }> {
    if (connection.state === 'online') return Promise.resolve({ userId: core.userId });
    const online = untilOnline(emitter, () => core.userId);
    connection.open();
    return online;
  }

  function close(): void {
    connection.close();
    groups?.offline();
    sender.close();
    inbox.offline();
  }

  const isShown = (key: ConversationKey) => groups !== undefined || groupOf(key) === null;
  shown.restore(durable.shown().filter(({ conversation }) => isShown(conversation)));
  // Before the first position is written, nobody knows whose the messages are: the log brings them again.
  if (core.userId !== '') {
    timeline.ownedBy(core.userId);
    const recent = durable.keeper?.recent() ?? [];
    timeline.restore(recent.filter(({ conversation }) => isShown(conversation)));
  }
  sender.restore(durable.unsent().filter(({ to }) => isShown(to)));

  const client: Client = {
    get state() {
      return connection.state;
    },
    get userId() {
      return core.userId;
    },
    get storageError() {
      return storageError;
    },
    connect,
    close,
    [Symbol.dispose]: close,
    wake: () => connection.wake(),
    send: (message) => sender.send(message),
    outgoing: () => sender.outgoing(),
    conversation: (conversation) => timeline.view(named(conversation)),
    conversations: () => timeline.conversations(),
    localMessages: (conversation, page) => localMessages(named(conversation), page),
    markRead(conversation, upTo) {
      const key = named(conversation);
      if (!groups?.markRead(key, upTo)) inbox.readMarks.mark(key, upTo);
    },
    typing(conversation, active = true) {
      const { conversationId, peer } = namedBy(core.userId, named(conversation));
      core.transmit({ type: 'typing', ...(peer === '' ? { conversationId } : { to: peer }), active });
    },
    subscribePresence: (users) => presence.subscribe(users),
    on: (event, handler) => emitter.on(event, handler),
  };
  return Object.assign(client, groups?.calls, states?.calls, recalls?.calls, actions?.calls);
}
