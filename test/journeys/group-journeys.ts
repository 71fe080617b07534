import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { change, type Device, get, openDevice, until } from './devices.ts';

/** Texts of the stored messages of a group that a device shows, in order. */
function seen({ client }: Device, group: string): string[] {
  const stored = client.group(group).messages.filter(({ state, provisional }) => state === 'stored' && !provisional);
  return stored.map(({ content }) => content.text ?? '');
}

/** People in a group, on a cluster of two nodes, with any engines. */
export function groupJourneys(start: () => Promise<TestCluster>): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await start();
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  async function device(user: string, node: number, group: string, deviceId = `${user}-phone`): Promise<Device> {
    const opened = await openDevice(cluster, { user, node, deviceId });
    opened.client.openGroup(group);
    return opened;
  }

  it('C18, C6: all members on both nodes show the same messages in one order, each once', async () => {
    expect(await change(cluster, 'ann', 'POST', '/api/groups', { conversationId: 'g1', name: 'One' })).toBe(201);
    using ann = await device('ann', 1, 'g1');
    using ben = await device('ben', 2, 'g1');
    using cat = await device('cat', 1, 'g1');
    await until(() => ann.client.group('g1').head !== undefined, 'ann has the group');
    expect(await change(cluster, 'ann', 'POST', '/api/groups/g1/members', { users: ['ben', 'cat'] })).toBe(200);
    await until(() => [ben, cat].every(({ client }) => client.group('g1').head?.role === 'member'), 'they are added');
    const members = [ann, ben, cat];
    const sent = await Promise.all(
      Array.from({ length: 90 }, (_, n) => {
        const { client } = members[n % 3] as Device;
        return client.send({ conversationId: 'g1', content: { text: `message ${n}` } }).stored;
      }),
    );
    await until(() => members.every((each) => seen(each, 'g1').length >= 90), 'everything arrives');
    const order = seen(ann, 'g1');
    expect(new Set(order).size).toBe(90);
    for (const each of members) expect(seen(each, 'g1')).toEqual(order);
    for (const each of members) expect(new Set(each.shown).size).toBe(60);
    for (const own of [0, 1, 2]) {
      const texts = order.filter((text) => Number(text.slice(8)) % 3 === own);
      expect(texts).toEqual(texts.toSorted((a, b) => Number(a.slice(8)) - Number(b.slice(8))));
    }
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(90);
    await until(() => members.every(({ client }) => client.group('g1').head?.unread === 60), 'others’ messages count');
  });

  it('C21, C8: mentions and unread messages count exactly, and a mark holds on all devices of its user', async () => {
    await change(cluster, 'ann', 'POST', '/api/groups', { conversationId: 'g2', name: 'Two', members: ['ben', 'cat'] });
    using ann = await device('ann', 1, 'g2');
    using ben = await device('ben', 2, 'g2');
    using tablet = await openDevice(cluster, { user: 'ben', node: 1, deviceId: 'tablet' });
    const post = (text: string, mentions?: string[] | 'all') =>
      ann.client.send({ conversationId: 'g2', content: { text }, ...(mentions && { mentions }) }).stored;
    for (const mentions of [undefined, ['ben'], 'all' as const, ['cat']]) await post('news', mentions);
    const counts = ({ client }: Device) => {
      const { unread, mentions } = client.group('g2').head ?? {};
      return [unread, mentions].join();
    };
    for (const each of [ben, tablet]) await until(() => counts(each) === '4,2', `4 and 2, not ${counts(each)}`);
    expect(counts(ann)).toBe('0,0');
    ben.client.markRead({ conversationId: 'g2' }, ben.client.group('g2').messages[1]?.messageId);
    for (const each of [ben, tablet]) await until(() => counts(each) === '2,1', `2 and 1, not ${counts(each)}`);
    await until(() => ann.client.group('g2').readMarks.has('ben'), 'ann sees how far ben has read');
    ben.client.markRead({ conversationId: 'g2' });
    for (const each of [ben, tablet]) await until(() => counts(each) === '0,0', `nothing, not ${counts(each)}`);
    using late = await openDevice(cluster, { user: 'cat', node: 2 });
    await until(() => counts(late) === '4,2', `4 and 2, not ${counts(late)}`);
  });

  it('C20, C18: who is removed sees and posts nothing more, and who returns sees exactly what they may', async () => {
    const settings = { history: 'since_join' };
    const created = { conversationId: 'g3', name: 'Three', members: ['ben'], settings };
    await change(cluster, 'ann', 'POST', '/api/groups', created);
    using ann = await device('ann', 1, 'g3');
    using ben = await device('ben', 2, 'g3');
    const post = ({ client }: Device, text: string) => client.send({ conversationId: 'g3', content: { text } });
    await post(ann, 'one').stored;
    await until(() => ben.shown.includes('one'), 'ben has the first');
    expect(await change(cluster, 'ann', 'DELETE', '/api/groups/g3/members/ben')).toBe(204);
    await post(ann, 'two').stored;
    await until(() => ben.client.group('g3').head?.role === undefined, 'ben sees that he is not in it');
    expect(ben.client.group('g3').isOpen).toBe(false);
    await expect(post(ben, 'late').stored).rejects.toMatchObject({ code: 'not_a_member' });
    expect(await change(cluster, 'ann', 'POST', '/api/groups/g3/members', { users: ['ben'] })).toBe(200);
    await until(() => ben.client.group('g3').head?.role === 'member', 'ben is in it again');
    ben.client.openGroup('g3');
    await post(ann, 'three').stored;
    await until(() => ben.shown.includes('three'), 'ben has the third');
    expect(ben.shown).toEqual(['one', 'three']);
    expect(seen(ann, 'g3')).toEqual(['one', 'two', 'three']);
    expect(ben.client.group('g3').head).toMatchObject({ unread: 1, memberCount: 2 });
    expect(ann.client.group('g3').notices.map(({ notice }) => notice)).toEqual(['created', 'removed', 'joined']);
  });

  it('C10: a device that was away continues where it was; an admin removes a message for all', async () => {
    await change(cluster, 'ann', 'POST', '/api/groups', { conversationId: 'g4', name: 'Four', members: ['ben'] });
    using ann = await device('ann', 1, 'g4');
    const first = await device('ben', 2, 'g4');
    const post = (text: string) => ann.client.send({ conversationId: 'g4', content: { text } }).stored;
    await post('before');
    await until(() => first.shown.includes('before'), 'ben has what came before');
    await until(() => first.store.keys().includes('log/g4'), 'ben keeps his position');
    first.client.close();
    for (let n = 0; n < 5; n++) await post(`away ${n}`);
    using again = await openDevice(cluster, { user: 'ben', node: 1, store: first.store });
    again.client.openGroup('g4');
    const sent = await again.client.send({ conversationId: 'g4', content: { text: 'to be removed' } }).stored;
    await until(() => again.shown.length === 5, 'what was missed arrives');
    expect(again.shown).toEqual(['away 0', 'away 1', 'away 2', 'away 3', 'away 4']);
    await ann.client.recall({ conversationId: 'g4' }, sent.messageId);
    await until(() => again.client.group('g4').messages.at(-1)?.recalledBy === 'ann', 'ben sees that ann removed it');
    using fresh = await device('ben', 2, 'g4', 'ben-tablet');
    await until(() => fresh.client.group('g4').messages.at(-1)?.recalledBy === 'ann', 'a new device sees it too');
    const history = await get<{ messages: object[] }>(cluster, 'ben', '/api/conversations/g4/messages?limit=1');
    expect(history.messages).toMatchObject([{ from: 'ben', recalledBy: 'ann' }]);
  });

  it('a dissolved group disappears from all devices of a member who leaves it, also from one that was away', async () => {
    await change(cluster, 'ann', 'POST', '/api/groups', {
      conversationId: 'g5',
      name: 'Five',
      members: ['ben', 'cat'],
    });
    using ann = await device('ann', 1, 'g5');
    using ben = await device('ben', 2, 'g5');
    using cat = await device('cat', 2, 'g5');
    const away = await openDevice(cluster, { user: 'ben', node: 1, deviceId: 'tablet' });
    const has = ({ client }: Device) => client.groups().some(({ conversationId }) => conversationId === 'g5');
    for (const each of [ann, ben, cat, away]) await until(() => has(each), 'all have the group');
    await until(() => away.store.keys().includes('group/g5'), 'the tablet keeps it');
    away.client.close();
    expect(await change(cluster, 'ann', 'DELETE', '/api/groups/g5')).toBe(204);
    for (const user of ['ann', 'ben']) expect(await change(cluster, user, 'POST', '/api/groups/g5/leave')).toBe(204);
    for (const each of [ann, ben]) await until(() => !has(each), 'it is in no list of those who left');
    using again = await openDevice(cluster, { user: 'ben', node: 1, deviceId: 'tablet', store: away.store });
    using fresh = await openDevice(cluster, { user: 'ben', node: 2, deviceId: 'new' });
    await until(() => !has(again), 'nor on the tablet');
    expect([has(fresh), has(cat), cat.client.group('g5').head?.role]).toEqual([false, true, 'member']);
    expect(await change(cluster, 'cat', 'DELETE', '/api/groups/g5/members/cat')).toBe(204);
    await until(() => !has(cat), 'the last one leaves too');
  });
}
