import { groupLog } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { head, inTeam, online, stored } from '../testing/group-client.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { fromBob, id } from '../testing/scripted-server.ts';
import { TestDatabase } from '../testing/test-database.ts';

const placed = { messageId: id(2), position: 2 };
const inInbox = { conversationId: 'amy~bob', ...placed };
const inGroup = { conversationId: 'team', clientMessageId: 'k', ...placed };

/** A client whose database is written at once. */
function started() {
  const database = new TestDatabase(new ManualClock(), () => 0);
  const kept = (conversation: string) => {
    database.end();
    return database.kept.newest(conversation).map(({ messageId }) => messageId);
  };
  const store = database.open('amy');
  return { ...online([head({ head: 0, lastMessageId: '' })], { store }), kept };
}

// A message is shown, and the server says that it is stored. After a reset it says so again, before a page has the message.
const announced: [string, ServerFrame[], ServerFrame][] = [
  ['stored', [fromBob(2)], { type: 'stored', ...inInbox }],
  ['server_ack', [], { type: 'server_ack', clientMessageId: 'k', ...inInbox }],
];

test.each(announced)('C3 C10: after a reset of the inbox, what only a %s announces is kept', (_, before, frame) => {
  const { server, client, kept } = started();
  client.send({ to: 'bob', content: { text: 'mine' }, clientMessageId: 'k' });
  server.socket.send(fromBob(1, { position: 1 }));
  for (const each of [...before, frame]) server.socket.send(each);
  server.clock.run(200);
  expect(kept('amy~bob')).toEqual([id(1), id(2)]);
  server.socket.send({ type: 'sync_needed' });
  server.page({ updates: [fromBob(1, { position: 1 })], position: 1, epoch: 'e2', reset: true });
  server.socket.send(frame);
  server.clock.run(200);
  expect(kept('amy~bob')).toEqual([id(1), id(2)]);
});

const inTeams: [string, ServerFrame[], ServerFrame][] = [
  ['stored_messages', [inTeam(2)], stored(placed)],
  ['server_ack', [], { type: 'server_ack', ...inGroup }],
];

test.each(inTeams)('C3 C10: after a reset of a group, what only a %s announces is kept', (_, before, frame) => {
  const { server, client, page, kept } = started();
  client.openGroup('team');
  client.send({ conversationId: 'team', content: { text: 'mine' }, clientMessageId: 'k' });
  page([inTeam(1, { position: 1 })]);
  for (const each of [...before, frame]) server.socket.send(each);
  server.clock.run(200);
  expect(kept(groupLog('team'))).toEqual([id(1), id(2)]);
  server.socket.send({ type: 'sync_needed' });
  page([inTeam(1, { position: 1 })], { epoch: 'g2', reset: true });
  server.socket.send(frame);
  server.clock.run(200);
  expect(kept(groupLog('team'))).toEqual([id(1), id(2)]);
});
