import { afterEach, expect, test } from 'vitest';
import { TabRun, type TestTab } from '../testing/tab-run.ts';

const textsOf = ({ client }: Pick<TestTab, 'client'>) =>
  client.conversation('bob').messages.map(({ content, state }) => `${content.text} ${state}`);
let run: TabRun;
afterEach(() => expect(run.faults).toEqual([]));

test('C6: two tabs have one connection; both show what comes, and both send', async () => {
  run = new TabRun(1);
  const [a, b] = [await run.open(), await run.open()];
  await run.pass(500);
  expect([...run.world.sessions].map(({ user }) => user).toSorted()).toEqual(['amy', 'bob']);
  expect([a.client.state, b.client.state]).toEqual(['online', 'online']);
  const fromFollower = b.client.send({ to: 'bob', content: { text: 'from b' } });
  expect(textsOf(b)).toEqual(['from b sending']);
  await run.pass(10_000);
  expect(await fromFollower.stored).toMatchObject({ messageId: fromFollower.messageId });
  run.bob.send({ to: 'amy', content: { text: 'from bob' } });
  await run.pass(10_000);
  a.client.send({ to: 'bob', content: { text: 'from a' } });
  await run.pass(10_000);
  const all = ['from b delivered', 'from bob stored', 'from a delivered'];
  expect(textsOf(a).map((text) => text.replace('unread', 'stored'))).toEqual(all);
  expect(textsOf(b)).toEqual(textsOf(a));
  await fromFollower.delivered;
});

test('C3: the leader closes, crashes or is suspended: the next one goes on', async () => {
  for (const end of ['close', 'crash', 'freeze'] as const) {
    run = new TabRun(2, 200);
    const [a, b, c] = [await run.open(), await run.open(), await run.open()];
    await run.pass(1_000);
    expect(run.leader).toBe(a);
    if (end === 'freeze') a.page.isFrozen = true;
    else await run[end](a);
    const sent = b.client.send({ to: 'bob', content: { text: 'to nobody' } });
    run.bob.send({ to: 'amy', content: { text: 'to the next' } });
    await run.pass(20_000);
    expect(run.leader, end).not.toBe(a);
    await sent.stored;
    await run.pass(10_000);
    expect(textsOf(c), end).toHaveLength(2);
    expect(textsOf(b), end).toEqual(textsOf(c));
    if (end !== 'freeze') continue;
    a.page.thaw(run.random);
    await run.pass(10_000);
    expect(textsOf(a)).toEqual(textsOf(c));
    expect(a.client.state).toBe('online');
    expect([...run.world.sessions].filter(({ user }) => user === 'amy')).toHaveLength(1);
  }
});

test('C3: a tab that has missed what the leader said gets it with the next sign of life', async () => {
  run = new TabRun(4);
  const [, b] = [await run.open(), await run.open()];
  await run.pass(1_000);
  const shown: (string | undefined)[] = [];
  b.client.on('message', ({ message }) => shown.push(message.content.text));
  run.browser.loses = () => true;
  run.bob.send({ to: 'amy', content: { text: 'missed' } });
  await run.pass(8_000);
  expect(textsOf(b)).toEqual([]);
  run.browser.loses = () => false;
  await run.pass(3_000);
  expect(shown).toEqual(['missed']);
});

test('a tab that closes says `connection_closed`, whether it leads or follows', async () => {
  run = new TabRun(5);
  const tabs = [await run.open(), await run.open()];
  await run.pass(500);
  for (const { client } of tabs) {
    const reasons: unknown[] = [];
    client.on('state', ({ state, reason }) => reasons.push(state, reason?.code));
    client.close();
    expect(reasons).toEqual(['closed', 'connection_closed']);
  }
});

test('who logs out in one tab leaves nothing in the database, whichever tab leads', async () => {
  run = new TabRun(3);
  const [a, b] = [await run.open(), await run.open()];
  run.bob.send({ to: 'amy', content: { text: 'private' } });
  await run.pass(10_000);
  expect(run.kept.kept.newest('amy~bob')).toHaveLength(1);
  const done = Promise.all([b.client.forget(), a.client.forget()]);
  await run.pass(1_000);
  await done;
  expect(run.kept.kept.newest('amy~bob')).toEqual([]);
  expect([...run.kept.kept.texts]).toEqual([]);
  expect(run.browser.leader).toBeUndefined();
});
