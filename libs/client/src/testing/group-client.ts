import type { ServerFrameOf } from '@chasqui/protocol';
import { createClient } from '../index.ts';
import { fromBob, id, ScriptedServer } from './scripted-server.ts';

type Head = ServerFrameOf<'groups'>['groups'][number];

/** The group `team` as amy has it. */
export function head(more: Partial<Head> = {}): Head {
  return {
    conversationId: 'team',
    name: 'Team',
    picture: '',
    version: 3,
    memberCount: 3,
    role: 'member',
    head: 2,
    epoch: 'g1',
    lastMessageId: id(2),
    lastFrom: 'bob',
    preview: 'text 2',
    readUpTo: id(1),
    unread: 1,
    mentions: 0,
    updatedAt: 2,
    ...more,
  };
}

/** A message from bob to the group, the `n`-th of its conversation. */
export function inTeam(n: number, more: Partial<ServerFrameOf<'chat'>> = {}): ServerFrameOf<'chat'> {
  const { to: _, ...frame } = fromBob(n);
  return { ...frame, conversationId: 'team', kind: 'group', ...more };
}

export function stored(...messages: ServerFrameOf<'stored_messages'>['messages']): ServerFrameOf<'stored_messages'> {
  return { type: 'stored_messages', conversationId: 'team', messages };
}

/** Amy read the group up to a message. */
export const read = (n: number, position: number) =>
  ({ type: 'read', conversationId: 'team', upTo: id(n), at: 5, position }) as const;

/** A client that is logged in; `groups`: the first page, null for none. */
export function online(groups: Head[] | null = [head()], more: Parameters<ScriptedServer['options']>[0] = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  const events: string[] = [];
  client.on('message', ({ message, provisional }) => {
    events.push(`message ${message.clientMessageId}${provisional ? '?' : ''}`);
  });
  client.on('membership', ({ event, conversationId }) => events.push(`${event} ${conversationId}`));
  client.on('notice', ({ notice, version }) => events.push(`${notice} ${version}`));
  client.on('retract', ({ messageId }) => events.push(`retract ${messageId.slice(-1)}`));
  client.on('error', (error) => events.push(`error ${error.code}`));
  client.connect().catch(() => undefined);
  server.login();
  const list = (all: Head[], frame: Partial<ServerFrameOf<'groups'>> = {}) => {
    const asked = server.socket.frames.findLast(({ type }) => type === 'groups' || type === 'login');
    const { ref = '' } = asked ?? {};
    server.socket.send({ type: 'groups', groups: all, cursor: 100, ref, ...frame });
  };
  if (groups !== null) list(groups);
  const page = (updates: ServerFrameOf<'log_updates'>['updates'], more: Partial<ServerFrameOf<'log_updates'>> = {}) => {
    const { ref = '' } = server.got('sync').at(-1) ?? {};
    const { position = 0 } = updates.at(-1) ?? {};
    const rest = { position, epoch: 'g1', caughtUp: true, ref, ...more };
    server.socket.send({ type: 'log_updates', conversationId: 'team', updates, ...rest });
  };
  const shown = () => client.group('team').messages.map(({ clientMessageId }) => clientMessageId);
  const counts = () => {
    const { unread, mentions } = client.group('team').head ?? {};
    return [unread, mentions];
  };
  /** Time passes on a connection that is alive. */
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= 5_000) {
      server.clock.run(Math.min(left, 5_000));
      server.socket.send({ type: 'pong', serverTime: 1 });
    }
  };
  return { server, client, events, list, page, shown, counts, pass };
}
