import { createClient } from '@chasqui/client';
import { groups } from '@chasqui/client/groups';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notices } from './group-page.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let li: Person;
let ann: Person;
const soon = { timeout: 15_000 };
const GROUP = 'walks';
const UNREAD = 130;
const MENTION = 12;
const textOf = (n: number) => (n === MENTION ? 'Where is @li.ming?' : `Message number ${n}`);

/** A call of the HTTP API; returns the answer's body. */
async function call(userId: string, method: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${await stage.cluster.token(userId)}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${stage.origin}${path}`, { method, headers, ...init });
  expect(response.ok).toBe(true);
  return response.json();
}

const row = () => li.page.locator(`[data-testid=conversation][data-conversation="${GROUP}"]`);
const inMenu = async (name: string) => {
  await li.page.getByTestId('conversation-menu').click();
  await li.page.getByTestId(name).click();
};

beforeAll(async () => {
  stage = await openStage();
  const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { ...phone, node: 1, locale: 'zh-CN' });
  ann = await newPerson(stage.browser, stage.origin, 'ann', { ...phone, node: 2 });
  await call('li.ming', 'POST', '/api/groups', {
    conversationId: GROUP,
    name: 'A group with a name that does not fit the width of a phone',
    members: ['bob'],
    settings: { join: 'approval' },
  });
  const url = stage.cluster.running.connect[1]?.wsUrl ?? '';
  using bob = createClient({
    groups: groups(),
    token: await stage.cluster.token('bob'),
    deviceId: 'bob-1',
    urls: [url],
  });
  await bob.connect();
  const sent = Array.from({ length: UNREAD }, (_, n) =>
    bob.send({
      conversationId: GROUP,
      content: { text: textOf(n) },
      ...(n === MENTION ? { mentions: ['li.ming'] } : {}),
    }),
  );
  await Promise.all(sent.map(({ stored }) => stored));
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('a busy group on a phone', () => {
  it('C21: counts what is unread, and says that the user is mentioned', async () => {
    await expect.poll(() => row().getByTestId('unread-badge').locator('[aria-hidden]').textContent(), soon).toBe('130');
    await row().getByTestId('mention-badge').getByText('1 条消息提到了你').waitFor({ state: 'attached' });
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('leads to the first unread message, and to the mention', async () => {
    await li.openGroup(GROUP);
    await li.page.getByTestId('to-unread').click();
    const wanted = li.page.locator('.bubble[data-wanted=true]');
    await wanted.getByText('Message number 0').waitFor(soon);
    await li.page.getByTestId('to-mention').click();
    await wanted.getByText('Where is @li.ming?').waitFor(soon);
    await expect.poll(() => li.page.getByTestId('mention').allTextContents(), soon).toEqual(['@li.ming']);
    await li.page.getByTestId('to-mention').waitFor({ state: 'detached' });
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('shows what happened in the group at its place, however many messages have come since', async () => {
    await expect.poll(() => notices(li), soon).toEqual(['你创建了群聊']);
    const first = li.page.locator('[data-testid=notice] ~ [data-testid=message]').first();
    await expect.poll(() => first.getByTestId('message-text').textContent(), soon).toBe('Message number 0');
    expect(await li.page.locator('[data-testid=message] ~ [data-testid=notice]').count()).toBe(0);
  });

  it('lets those in who ask by a link, once an admin approves', async () => {
    const { linkId } = await call('li.ming', 'POST', `/api/groups/${GROUP}/links`, {});
    await ann.page.goto(`${stage.origin}/#/~join/${linkId}`);
    await ann.page.getByTestId('join').click();
    await ann.page.getByText('You asked to join. An admin decides.').waitFor();
    expect(await ann.scrollsSideways()).toBe(false);
    await li.page.getByTestId('about-group').click();
    await li.page.getByTestId('approve').click();
    await li.page.locator('[data-testid=group-members] [data-user=ann]').waitFor();
    expect(await li.scrollsSideways()).toBe(false);
    await li.page.getByTestId('group-close').click();
    await ann.page.getByRole('button', { name: 'Back to the list' }).click();
    await ann.openGroup(GROUP);
  });

  it('keeps a draft, shows it in the list, and forgets it once it is sent', async () => {
    const kept = async () => (await call('li.ming', 'GET', '/api/conversations/states')).states[0]?.state.draft;
    await li.page.getByTestId('composer').fill('还没写完');
    await li.page.getByTestId('back').click();
    await row().getByText('草稿： 还没写完').waitFor();
    await expect.poll(kept, soon).toBe('还没写完');
    await li.openGroup(GROUP);
    const composer = li.page.getByTestId('composer');
    expect(await composer.inputValue()).toBe('还没写完');
    await composer.fill('写完了');
    await expect.poll(kept, soon).toBe('写完了');
    await composer.press('Enter');
    await expect.poll(kept, soon).toBeUndefined();
    await li.page.reload();
    // What the browser kept may be older than what the server says then.
    await expect.poll(() => composer.inputValue(), soon).toBe('');
  });

  it('is marked unread, and cleared, for this user alone', async () => {
    await inMenu('mark-unread');
    await row().getByTestId('marked-unread').waitFor();
    await li.openGroup(GROUP);
    await li.page.getByTestId('conversation-menu').click();
    await li.page.getByTestId('clear').click();
    await li.page.getByTestId('clear-sure').click();
    await expect.poll(() => li.texts(), soon).toEqual([]);
    await li.page.reload();
    await li.page.getByTestId('history-start').waitFor();
    expect(await li.texts()).toEqual([]);
    expect((await ann.texts()).length).toBeGreaterThan(0);
  });

  it('says why nobody can write in a dissolved group', async () => {
    await call('li.ming', 'PATCH', `/api/groups/${GROUP}`, { settings: { post: 'admins' } });
    await ann.page.getByText('Only admins write here.').waitFor(soon);
    await li.page.getByTestId('about-group').click();
    await li.page.getByTestId('leave-group').click();
    await li.page.getByTestId('leave-sure').click();
    await li.page.getByRole('button', { name: '从我的列表中移除' }).waitFor();
    await li.page.getByTestId('group-close').click();
    await li.page.getByText('该群已解散。').waitFor();
    await ann.page.getByText('This group is dissolved.').waitFor(soon);
  });

  it('is removed from the list of a member who leaves the dissolved group, for good', async () => {
    await li.page.getByTestId('about-group').click();
    await li.page.getByTestId('leave-group').click();
    await li.page.getByText('确定移除？之后列表中不再显示该群。').waitFor();
    await li.page.getByTestId('leave-sure').click();
    await li.page.getByTestId('no-conversations').waitFor();
    await li.page.reload();
    await li.page.getByTestId('no-conversations').waitFor();
    await ann.page.getByTestId('about-group').click();
    await ann.page.getByRole('button', { name: 'Remove from my list' }).waitFor();
    await ann.page.getByTestId('group-close').click();
  });

  it('meets no error of the page', () => {
    expect([...li.faults, ...ann.faults]).toEqual([]);
  });
});
