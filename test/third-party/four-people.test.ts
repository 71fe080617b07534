import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createGroup, found, inPanel, leaveGroup, makeAdmin, notices } from '../browser/group-page.ts';
import { newPerson, type Person } from '../browser/person.ts';
import { openStage, type Stage } from '../browser/stage.ts';
import { PythonMember, type Seen } from './group-member.ts';

// Ann and Bob use the page, Ann on a desktop and Bob on a phone; Cid and Dora each run a client of their own. Ann and Cid
// are on the first node, Bob and Dora on the second.
let stage: Stage;
let ann: Person;
let bob: Person;
let cid: PythonMember;
let dora: PythonMember;
let group = '';
const stack = new AsyncDisposableStack();
const soon = { timeout: 20_000 };
const PLANS = 'plans';
const REMOVED = 'This message was removed by an admin.';
/** What Ann sees at the end; at 2, Bob's message that Cid removed. */
const ALL = ['one', 'two', '', 'four for @Cid', 'five', 'six', 'seven', 'eight', 'nine'].map((text) => `walk ${text}`);

/** What somebody sees of `ALL` at these places. */
const seen = (places: number[], removed: string) => places.map((place) => (place === 2 ? removed : (ALL[place] ?? '')));
const ANN = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const BOB = [0, 1, 2, 3, 4, 5, 6, 8];
const DORA = [5, 6, 7, 8];

/** A call of the HTTP API; returns the answer's body. */
async function call<T = unknown>(userId: string, method: string, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${await stage.cluster.token(userId)}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${stage.origin}${path}`, { method, headers, ...init });
  expect(response.ok, path).toBe(true);
  return response.json() as Promise<T>;
}

async function foundOverHttp(userId: string, words: string): Promise<string[]> {
  const path = `/api/messages/search?limit=100&q=${encodeURIComponent(words)}`;
  const { hits } = await call<{ hits: { messageId: string; text: string }[] }>(userId, 'GET', path);
  return hits.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1)).map(({ text }) => text);
}

const textsOf = async (member: PythonMember, of = group): Promise<string[]> => (await member.see(of)).texts;
const countsOf = ({ unread, mentions }: Seen) => [unread, mentions];

beforeAll(async () => {
  stage = stack.use(await openStage());
  const { cluster, browser, origin } = stage;
  const nodes = cluster.running.connect.map(({ wsUrl }) => wsUrl);
  ann = await newPerson(browser, origin, 'ann', { node: 1 });
  const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };
  bob = await newPerson(browser, origin, 'bob', { ...phone, node: 2 });
  cid = stack.use(new PythonMember(nodes[0] ?? '', origin, 'cid'));
  dora = stack.use(new PythonMember(nodes[1] ?? '', origin, 'dora'));
  await Promise.all([cid.do('online'), dora.do('online')]);
});
afterAll(() => stack.disposeAsync());

describe('four people in a group: two with the page, two with a client that is written by the documents alone', () => {
  it('C18: everybody who is there has the same messages in one order', async () => {
    group = await createGroup(ann, 'Walks', '🥾', ['bob', 'cid']);
    await bob.openGroup(group);
    await cid.do('open', group);
    await ann.write('walk one');
    await expect.poll(() => textsOf(cid), soon).toEqual(['walk one']);
    expect(await cid.do('say', group, 'walk two')).toBe('stored');
    await expect.poll(() => bob.texts(), soon).toEqual(['walk one', 'walk two']);
    await bob.write('walk three');
    const three = ['walk one', 'walk two', 'walk three'];
    for (const person of [ann, bob]) await expect.poll(() => person.texts(), soon).toEqual(three);
    await expect.poll(() => textsOf(cid), soon).toEqual(three);
    expect((await cid.see(group)).notices).toEqual(['ann created bob cid', 'ann updated']);
    await cid.do('read', group);
    await expect.poll(async () => countsOf(await cid.see(group)), soon).toEqual([0, 0]);
  });

  it('C20: who joins late reads what is written since, where newcomers do not see the history', async () => {
    await cid.do('offline');
    await ann.page.getByTestId('composer').pressSequentially('walk four for @c');
    await ann.page.getByTestId('mention-option').waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.page.keyboard.press('Enter');
    await expect.poll(() => bob.texts(), soon).toContain(ALL[3]);
    await bob.write('walk five');
    await expect.poll(() => ann.texts(), soon).toContain('walk five');
    expect(await dora.do('history', group)).toBe('not_a_member');
    expect(await dora.do('say', group, 'let me in')).toBe('not_a_member');
    await addMember(ann, 'dora');
    await dora.do('open', group);
    await ann.write('walk six');
    await expect.poll(() => textsOf(dora), soon).toEqual(['walk six']);
    expect(countsOf(await dora.see(group))).toEqual([1, 0]);
    expect(await dora.do('say', group, 'walk seven', ['bob'])).toBe('stored');
    for (const person of [ann, bob]) await expect.poll(() => person.texts(), soon).toContain('walk seven');
  });

  it('C20: who has left neither sees nor finds what comes meanwhile, and keeps what was before', async () => {
    await leaveGroup(bob);
    await ann.write('walk eight');
    await expect.poll(() => textsOf(dora), soon).toEqual(['walk six', 'walk seven', 'walk eight']);
    await expect.poll(() => dora.do('find', 'eight'), soon).toEqual(['walk eight']);
    expect(await foundOverHttp('bob', 'eight')).toEqual([]);
    expect(await foundOverHttp('bob', 'seven')).toEqual(['walk seven']);
    expect(await bob.texts()).not.toContain('walk eight');
  });

  it('C10, C21: who was away gets all of it, and the counts are exact', async () => {
    await cid.do('online');
    const all = ['walk one', 'walk two', 'walk three', ...ALL.slice(3, 8)];
    await expect.poll(() => textsOf(cid), soon).toEqual(all);
    expect(countsOf(await cid.see(group))).toEqual([5, 1]);
    expect(countsOf(await dora.see(group))).toEqual([2, 0]);
    await cid.do('read', group);
    await expect.poll(async () => countsOf(await cid.see(group)), soon).toEqual([0, 0]);
  });

  it('C20: who returns reads on from there; an admin removes a message, and everybody sees that it was removed', async () => {
    await addMember(ann, 'bob');
    await inPanel(ann, () => makeAdmin(ann, 'cid'));
    await expect.poll(async () => (await cid.see(group)).role, soon).toBe('admin');
    expect(await cid.do('remove', group, 'walk three')).toBe('removed');
    expect(await cid.do('say', group, 'walk nine', ['dora'])).toBe('stored');
    await expect.poll(() => ann.texts(), soon).toEqual(seen(ANN, REMOVED));
    await expect.poll(() => bob.texts(), soon).toEqual(seen(BOB, REMOVED));
    await expect.poll(() => textsOf(cid), soon).toEqual(seen(ANN, 'recalled by cid'));
    await expect.poll(() => textsOf(dora), soon).toEqual(seen(DORA, ''));
    expect(countsOf(await dora.see(group))).toEqual([3, 1]);
  });

  it('C20: what happened in the group is told to those who were there', async () => {
    const since = ['ann joined bob', 'ann role cid'];
    const before = ['ann created bob cid', 'ann updated', 'ann joined dora', 'bob left bob'];
    expect((await cid.see(group)).notices).toEqual([...before, ...since]);
    expect((await dora.see(group)).notices).toEqual([...before.slice(2), ...since]);
    const told = ['You created the group', 'You changed the settings', 'You added Dora', 'bob left', 'You added bob'];
    await expect.poll(() => notices(ann), soon).toEqual([...told, 'You made Cid an admin']);
    const [created, settings, dorasCome, , bobsReturn] = told.map((text) =>
      text.replace('You', 'ann').replace('bob', 'you'),
    );
    const bobs = [created, settings, dorasCome, 'You left', bobsReturn, 'ann made Cid an admin'];
    await expect.poll(() => notices(bob), soon).toEqual(bobs);
  });

  it('C13, C20: history, notices and search over HTTP have the same for each of them', async () => {
    const withoutRemoved = (places: number[]) =>
      seen(
        places.filter((place) => place !== 2),
        '',
      );
    expect(await cid.do('history', group)).toEqual(seen(ANN, 'recalled by cid'));
    expect(await dora.do('history', group)).toEqual(seen(DORA, ''));
    await expect.poll(() => cid.do('find', 'walk'), soon).toEqual(withoutRemoved(ANN));
    await expect.poll(() => dora.do('find', 'walk'), soon).toEqual(withoutRemoved(DORA));
    await expect.poll(() => foundOverHttp('bob', 'walk'), soon).toEqual(withoutRemoved(BOB));
    await expect.poll(() => found(ann, 'walk'), soon).toEqual(withoutRemoved(ANN).toSorted());
    for (const [person, places] of [
      [ann, ANN],
      [bob, BOB],
    ] as const) {
      const told = await notices(person);
      await person.page.reload();
      await expect.poll(() => person.texts(), soon).toEqual(seen([...places], REMOVED));
      await expect.poll(() => notices(person), soon).toEqual(told);
    }
  });

  it('C22: marks move forward, and the list of readers is exact once all have read', async () => {
    await dora.do('read', group);
    await expect.poll(async () => countsOf(await dora.see(group)), soon).toEqual([0, 0]);
    const { messages } = await call<{ messages: { messageId: string }[] }>(
      ...(['ann', 'GET', `/api/conversations/${group}/messages?limit=1`] as const),
    );
    const path = `/api/conversations/${group}/messages/${messages[0]?.messageId}/readers`;
    const readers = async () =>
      (await call<{ readers: { userId: string }[] }>('ann', 'GET', path)).readers.map(({ userId }) => userId);
    await expect.poll(readers, soon).toEqual(['ann', 'bob', 'dora']);
    for (const user of ['ann', 'bob']) {
      expect(await call(user, 'GET', '/api/messages/unread-count')).toMatchObject({ total: 0, byConversation: {} });
    }
  });

  it('C20, C21: where newcomers see the history, who joins late reads all of it, and none of it is unread', async () => {
    await call('ann', 'POST', '/api/groups', { conversationId: PLANS, name: 'Plans', members: ['bob'] });
    await ann.openGroup(PLANS);
    await ann.write('plan one');
    await call('ann', 'POST', `/api/groups/${PLANS}/members`, { users: ['dora'] });
    await dora.do('open', PLANS);
    await expect.poll(() => textsOf(dora, PLANS), soon).toEqual(['plan one']);
    expect(countsOf(await dora.see(PLANS))).toEqual([0, 0]);
    expect(await dora.do('say', PLANS, 'plan two')).toBe('stored');
    await expect.poll(() => ann.texts(), soon).toEqual(['plan one', 'plan two']);
    await dora.do('leave', PLANS);
    await ann.write('plan three');
    await expect.poll(() => ann.texts(), soon).toContain('plan three');
    await expect.poll(() => foundOverHttp('ann', 'plan'), soon).toEqual(['plan one', 'plan two', 'plan three']);
    expect(await dora.do('find', 'plan')).toEqual(['plan one', 'plan two']);
    expect(await dora.do('history', PLANS)).toEqual(['plan one', 'plan two']);
    expect(await textsOf(dora, PLANS)).toEqual(['plan one', 'plan two']);
    expect(await cid.do('find', 'plan')).toEqual([]);
  });

  it('meets no error of the page', async () => {
    expect(await bob.scrollsSideways()).toBe(false);
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });
});
