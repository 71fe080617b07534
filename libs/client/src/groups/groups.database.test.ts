import { expect, test } from 'vitest';
import { keyOfId } from '../conversations/direct.ts';
import { head, inTeam, online } from '../testing/group-client.ts';
import { id } from '../testing/scripted-server.ts';
import { atOnce, TestDatabase } from '../testing/test-database.ts';

test('a database has no own message of a closed group beside what ended earlier, until the log brings all between', () => {
  const database = new TestDatabase(atOnce, () => 0);
  const { server, client, page } = online([head()], { store: database.open('amy') });
  const kept = () => {
    server.clock.run(100);
    return database.kept.newest(keyOfId('team')).map(({ messageId }) => messageId);
  };
  client.openGroup('team');
  page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
  client.closeGroup('team');
  client.send({ conversationId: 'team', content: { text: 'mine' }, clientMessageId: 'mine' });
  const own = { conversationId: 'team', messageId: id(9), clientMessageId: 'mine', position: 4 };
  server.socket.send({ type: 'server_ack', ...own });
  expect(kept()).toEqual([id(1), id(2)]);
  client.openGroup('team');
  page([inTeam(3, { position: 3 }), inTeam(9, { ...own, from: 'amy', content: { text: 'mine' } })]);
  expect(kept()).toEqual([id(1), id(2), id(3), id(9)]);
  client.close();
});
