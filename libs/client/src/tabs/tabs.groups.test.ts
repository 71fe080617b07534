import { expect, test } from 'vitest';
import type { FullClient } from '../client.ts';
import { head, inTeam } from '../testing/group-client.ts';
import { ScriptedTabs } from '../testing/scripted-tabs.ts';

const renamed = {
  type: 'notice' as const,
  conversationId: 'team',
  notice: 'renamed' as const,
  by: 'bob',
  version: 4,
  at: 9,
};

async function begun() {
  const tabs = new ScriptedTabs();
  const [a, b] = [await tabs.open(), await tabs.open()];
  tabs.server.login();
  const list = tabs.server.socket.frames.find(({ type }) => type === 'login');
  const { ref = '' } = list ?? {};
  tabs.server.socket.send({ type: 'groups', groups: [head()], cursor: 100, ref });
  await tabs.pass(10);
  const page = (updates: object[], position: number) => {
    const { ref = '' } = tabs.server.got('sync').at(-1) ?? {};
    const frame = { type: 'log_updates', conversationId: 'team', updates, position, epoch: 'g1', caughtUp: true, ref };
    tabs.server.socket.send(frame as never);
  };
  return { tabs, a: a.client, b: b.client, page };
}

test('C18: a group that one tab has open shows in another what it has, and stays open until no tab has it', async () => {
  const { tabs, a, b, page } = await begun();
  for (const client of [a, b]) expect(client.groups().map(({ head: known }) => known)).toEqual([head()]);
  a.openGroup('team');
  await tabs.pass(10);
  page([inTeam(1, { position: 1 }), { ...renamed, position: 2 }], 2);
  await tabs.pass(10);
  expect([a.group('team').isOpen, b.group('team').isOpen]).toEqual([true, false]);
  b.openGroup('team');
  await tabs.pass(10);
  for (const client of [a, b]) {
    expect(client.group('team').messages.map(({ clientMessageId }) => clientMessageId)).toEqual(['c1']);
    expect(client.group('team').notices.map(({ notice }) => notice)).toEqual(['renamed']);
  }
  a.closeGroup('team');
  await tabs.pass(10);
  tabs.server.socket.send(inTeam(3, { position: 3 }));
  await tabs.pass(10);
  expect(b.group('team').messages).toHaveLength(2);
  b.closeGroup('team');
  await tabs.pass(10);
  tabs.server.socket.send(inTeam(4, { position: 4 }));
  await tabs.pass(10);
  for (const client of [a, b]) {
    expect(client.group('team').messages).toHaveLength(2);
    expect(client.group('team').head?.unread).toBe(3);
  }
});

test('a dissolved group that the user left is in no tab any more, also if a tab missed that', async () => {
  const { tabs, a, b } = await begun();
  const ids = (client: FullClient) => client.groups().map(({ conversationId }) => conversationId);
  const left = { type: 'membership', event: 'unlisted', conversationId: 'team', by: 'amy', version: 3, at: 5 } as const;
  tabs.browser.loses = () => true;
  tabs.server.socket.send({ ...left, position: 1 });
  await tabs.pass(10);
  expect([a, b].map(ids)).toEqual([[], ['team']]);
  tabs.browser.loses = () => false;
  await tabs.pass(3_000);
  expect(ids(b)).toEqual([]);
});
