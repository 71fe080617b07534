import type { FullClient } from '@chasqui/client';
import { actions } from '@chasqui/client/actions';
import { groups } from '@chasqui/client/groups';
import { recalls } from '@chasqui/client/recalls';
import { states } from '@chasqui/client/states';
import { createSharedClient } from '@chasqui/client/tabs';
import { BoundedMap, type ConversationId, type UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import { GroupsApi } from '../groups-api.ts';
import { PeopleApi } from '../people-api.ts';
import { deviceId, pinnedNode } from '../person.ts';
import { Store } from '../store.ts';
import { AvatarsStore } from './avatars.ts';
import { Chat } from './chat.ts';
import { type ConnectionStatus, watchConnection } from './connection-status.ts';
import { ConversationsStore } from './conversations.ts';
import { openFiles, type PageFiles } from './files/page-files.ts';
import { MomentsStore } from './moments.ts';
import { NODES_URL, NodeChoice } from './nodes.ts';
import { forgetFormer, openDatabase, server } from './page-database.ts';
import { PresenceStore } from './presence.ts';
import { TypingStore } from './typing.ts';
import { WaitingStore } from './waiting.ts';
import { watchLogin } from './watch-login.ts';

/** All state of one signed-in user that lives as long as the page shows it. */
export interface Messenger {
  readonly me: UserId;
  readonly api: Api;
  readonly people: PeopleApi;
  readonly groups: GroupsApi;
  readonly client: FullClient;
  readonly status: Store<ConnectionStatus>;
  /** Whether the browser keeps nothing of what the page stores, so that a reload begins anew. */
  readonly isForgetful: Store<boolean>;
  readonly nodes: NodeChoice;
  readonly conversations: ConversationsStore;
  readonly presence: PresenceStore;
  readonly typing: TypingStore;
  readonly moments: MomentsStore;
  readonly waiting: WaitingStore;
  readonly files: PageFiles;
  readonly avatars: AvatarsStore;
  /** Returns the same object for the same conversation, for the last ten conversations. */
  chat(conversationId: ConversationId): Chat;
  /** `stays`: what this browser keeps of the user's messages is kept for the next time. */
  close(stays: boolean): void;
}

/** Histories kept in memory after the user left their conversations. */
const MAX_CHATS = 10;

/** Builds the parts and connects, together with the other pages of this browser. */
export async function openMessenger(me: UserId, api: Api): Promise<Messenger> {
  const ending = new AbortController();
  const { signal } = ending;
  const nodes = new NodeChoice(() => api.nodes(), pinnedNode);
  const device = deviceId();
  const client = await createSharedClient({
    name: JSON.stringify([server(), me, device]),
    userId: me,
    groups: groups(),
    recalls: recalls(),
    actions: actions(),
    states: states(),
    open: () => openDatabase(me),
    token: () => api.accessToken(),
    deviceId: device,
    platform: 'web',
    nodesUrl: NODES_URL,
    fetchNodes: nodes.addresses,
    transport: nodes.transport,
    // A group begins near its end each time that it is opened: the history over HTTP has what was before.
    limits: { maxGroupPositions: 0, groupStart: 100 },
  });
  const chats = new BoundedMap<ConversationId, { chat: Chat; ending: AbortController }>(MAX_CHATS, {
    evicted: (_, left) => left.ending.abort(),
  });

  function chat(conversationId: ConversationId): Chat {
    const known = chats.use(conversationId);
    if (known !== undefined) return known.chat;
    const left = new AbortController();
    const opened = new Chat(api, client, me, conversationId, AbortSignal.any([left.signal, signal]));
    chats.set(conversationId, { chat: opened, ending: left });
    return opened;
  }

  const people = new PeopleApi(api);
  const isForgetful = new Store(client.storageError !== undefined);
  client.on('storage', ({ error }) => isForgetful.set(error !== undefined));

  const files = openFiles(me, api, client, signal);
  const messenger: Messenger = {
    me,
    api,
    client,
    nodes,
    chat,
    people,
    groups: new GroupsApi(api),
    status: watchConnection(client, signal),
    isForgetful,
    conversations: new ConversationsStore(api, client, me, signal),
    presence: new PresenceStore(client, signal),
    typing: new TypingStore(client, me, signal),
    moments: new MomentsStore(api, client, signal),
    waiting: new WaitingStore({ api, people, me }, client, signal),
    files,
    avatars: new AvatarsStore(api, signal),
    close: (stays) => {
      ending.abort();
      files.close(stays);
      if (stays) client.close();
      else void Promise.allSettled([client.forget(), forgetFormer(me)]);
    },
  };
  watchLogin(client, api, signal);
  // In a page that does not lead, nothing else asks for them.
  nodes.addresses().catch(() => undefined);
  // The status shows an error; a token that cannot be renewed has ended the session.
  client.connect().catch(() => undefined);
  return messenger;
}
