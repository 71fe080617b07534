import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { head, inTeam, online, read } from '../testing/group-client.ts';
import { id } from '../testing/scripted-server.ts';

/** bob has edited the `n`-th message of the group, which mentions these since. */
function edited(n: number, mentions: 'all' | string[], more: Partial<ServerFrameOf<'action'>> = {}) {
  const about = { type: 'action', action: 'edit', conversationId: 'team', by: 'bob', at: 9 } as const;
  return { ...about, messageId: id(n), content: { text: 'edited' }, mentions, editedAt: 9, revision: 1, ...more };
}
const asked = ({ server }: ReturnType<typeof online>) => {
  server.clock.run(1_000);
  return server.got('groups').length;
};

test('C21: an edit of a message that came live mentions the user, once', () => {
  const team = online();
  team.server.socket.send(inTeam(3));
  team.server.socket.send(inTeam(4, { from: 'amy' }));
  for (const frame of [edited(3, ['amy']), edited(3, ['amy', 'carol']), edited(4, ['amy'], { by: 'amy' })])
    team.server.socket.send(frame);
  expect([team.counts(), asked(team)]).toEqual([[2, 1], 0]);
});

test('C21: of a message that the server has counted, the server is asked; not if it is read or mentions the user already', () => {
  const team = online();
  team.server.socket.send(edited(2, ['carol']));
  team.server.socket.send(edited(1, ['amy']));
  expect(asked(team)).toBe(0);
  team.server.socket.send(edited(2, ['amy']));
  expect(asked(team)).toBe(1);
  team.list([head({ mentions: 1 })]);
  expect(team.counts()).toEqual([1, 1]);
  team.client.openGroup('team');
  team.page([inTeam(2, { position: 2, mentions: ['amy'] })]);
  const before = team.server.got('groups').length;
  team.server.socket.send(edited(2, ['amy'], { position: 3, revision: 2 }));
  expect(asked(team)).toBe(before);
});

test('a message has the mentions that its edit added, and marks count by them', () => {
  const { server, client, page, counts } = online([head({ unread: 2, readUpTo: '' })]);
  client.openGroup('team');
  page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
  server.socket.send(edited(2, ['amy'], { position: 3 }));
  expect(client.group('team').messages.map(({ mentions }) => mentions)).toEqual([undefined, ['amy']]);
  server.socket.send(read(1, 1));
  expect(counts()).toEqual([1, 1]);
});

test('an own edit says whom it mentions', () => {
  const { server, client } = online();
  client.edit({ conversationId: 'team' }, id(2), { text: '@Bob' }, ['bob']).catch(() => undefined);
  expect(server.got('action')).toMatchObject([{ action: 'edit', content: { text: '@Bob' }, mentions: ['bob'] }]);
});
