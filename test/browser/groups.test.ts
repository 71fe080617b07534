import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createGroup, found, inPanel, leaveGroup, makeAdmin, notices } from './group-page.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let bob: Person;
let cid: Person;
let dan: Person;
let group = '';
const soon = { timeout: 15_000 };

beforeAll(async () => {
  stage = await openStage();
  const at = (userId: string, node: number) => newPerson(stage.browser, stage.origin, userId, { node });
  ann = await at('ann', 1);
  bob = await at('bob', 2);
  cid = await at('cid', 1);
  dan = await at('dan', 2);
});
afterAll(() => stage?.[Symbol.asyncDispose]());

async function callThemselves(person: Person, name: string): Promise<void> {
  await person.page.getByTestId('settings').click();
  await person.page.getByTestId('display-name').fill(name);
  await person.page.getByTestId('save-name').click();
  await person.page.getByText('Saved').waitFor();
  await person.page.keyboard.press('Escape');
}

const badge = (person: Person, name: string) =>
  person.page.locator(`[data-conversation="${group}"]`).getByTestId(name).count();

describe('a group of people on two nodes', () => {
  it('C18: is created with its members, who write and read in one order', async () => {
    group = await createGroup(ann, 'Walks', '🥾', ['bob', 'cid']);
    await bob.openGroup(group);
    await cid.openGroup(group);
    await ann.write('A walk on Sunday?');
    await expect.poll(() => bob.texts(), soon).toEqual(['A walk on Sunday?']);
    await bob.write('我也想 walk！');
    for (const person of [ann, cid]) {
      await expect.poll(() => person.texts(), soon).toEqual(['A walk on Sunday?', '我也想 walk！']);
    }
    await expect.poll(() => notices(bob), soon).toEqual(['ann created the group', 'ann changed the settings']);
  });

  it('completes the names of members, and marks who is mentioned while away', async () => {
    await cid.leave();
    await ann.page.getByTestId('composer').pressSequentially('Which walk, @c');
    await ann.page.getByTestId('mention-option').waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.page.keyboard.press('Enter');
    await expect.poll(() => bob.texts(), soon).toContain('Which walk, @cid');
    await expect.poll(() => bob.page.getByTestId('mention').allTextContents(), soon).toEqual(['@cid']);
    await callThemselves(ann, 'Ann');
    await cid.comeBack();
    await expect.poll(() => badge(cid, 'unread-badge'), soon).toBe(1);
    await expect.poll(() => badge(cid, 'mention-badge'), soon).toBe(1);
    await cid.openGroup(group);
    await expect.poll(() => cid.texts(), soon).toEqual(['A walk on Sunday?', '我也想 walk！', 'Which walk, @cid']);
    await expect
      .poll(() => cid.page.getByTestId('message-from').allTextContents(), soon)
      .toEqual(['Ann', 'bob', 'Ann']);
    await expect.poll(() => badge(cid, 'mention-badge'), soon).toBe(0);
    await cid.page.locator('.bubble[data-mentions-me=true]').getByText('Which walk').waitFor();
  });

  it('C22: says who has read a message', async () => {
    const own = ann.page.getByTestId('message').last();
    await own.hover();
    await own.getByTestId('message-menu').click();
    await ann.page.getByTestId('read-by').click();
    await expect
      .poll(() => ann.page.getByTestId('readers').locator('[data-user]').count(), soon)
      .toBeGreaterThanOrEqual(1);
    await ann.page.keyboard.press('Escape');
  });

  it('C20: shows nothing of it to those who left, until they return', async () => {
    await leaveGroup(bob);
    await ann.write('A walk without Bob');
    await expect.poll(() => cid.texts(), soon).toContain('A walk without Bob');
    await addMember(ann, 'bob');
    await ann.write('A walk with Bob again');
    await bob.page.getByTestId('composer').waitFor(soon);
    await expect.poll(() => bob.texts(), soon).toContain('A walk with Bob again');
    expect(await bob.texts()).not.toContain('A walk without Bob');
    await expect.poll(() => notices(ann), soon).toContain('bob left');
    await expect.poll(() => notices(ann), soon).toContain('You added bob');
  });

  it('C20: is joined by a link, and shows newcomers what came since', async () => {
    let link = '';
    await inPanel(ann, async () => {
      await ann.page.getByTestId('make-link').click();
      link = await ann.page.getByTestId('link-address').inputValue();
    });
    await dan.page.goto(`${stage.origin}/?node=2${new URL(link).hash}`);
    await dan.page.getByTestId('join').click();
    await dan.page.locator(`[data-testid=chat][data-conversation="${group}"]`).waitFor();
    await ann.write('Now the four of us walk');
    await expect.poll(() => dan.texts(), soon).toEqual(['Now the four of us walk']);
  });

  it('C20: everybody sees and finds exactly what they should, after a reload as well', async () => {
    const early = ['A walk on Sunday?', '我也想 walk！', 'Which walk, @cid'];
    const late = ['A walk with Bob again', 'Now the four of us walk'];
    const expected: [Person, string[]][] = [
      [ann, [...early, 'A walk without Bob', ...late]],
      [bob, [...early, ...late]],
      [cid, [...early, 'A walk without Bob', ...late]],
      [dan, late.slice(1)],
    ];
    for (const [person, texts] of expected) {
      await expect.poll(() => person.texts(), soon).toEqual(texts);
      await expect.poll(() => found(person, 'walk'), soon).toEqual(texts.toSorted());
      await person.page.reload();
      await person.isConnected();
      await expect.poll(() => person.texts(), soon).toEqual(texts);
    }
  });

  it('has roles: admins are made, and mute', async () => {
    await inPanel(ann, async () => {
      const row = (userId: string) => ann.page.locator(`[data-testid=group-members] [data-user=${userId}]`);
      await makeAdmin(ann, 'cid');
      await row('dan').getByTestId('member-menu').click();
      await ann.page.getByTestId('member-muteHour').click();
      await row('dan').getByText('muted').waitFor();
    });
    await dan.page.getByTestId('composer-blocked').waitFor(soon);
    await expect.poll(() => notices(cid), soon).toContain('Ann made you an admin');
  });

  it('is pinned, silenced, archived and hidden by each one for themselves', async () => {
    const act = async (name: string) => {
      await bob.page.getByTestId('conversation-menu').click();
      await bob.page.getByTestId(name).click();
    };
    const row = bob.page.locator(`[data-testid=conversation][data-conversation="${group}"]`);
    await act('pin');
    await row.getByTestId('pin').waitFor();
    await act('silence');
    await row.getByTestId('bell-off').waitFor();
    await act('archive');
    await row.waitFor({ state: 'detached' });
    await bob.page.getByTestId('show-archive').click();
    await bob.openGroup(group);
    await act('archive');
    await act('hide');
    await row.waitFor({ state: 'detached' });
    await ann.write('One more walk');
    await row.waitFor();
    await expect.poll(() => badge(bob, 'unread-badge'), soon).toBe(1);
  });

  it('meets no error of the page and no refusal of its policy', () => {
    expect([ann, bob, cid, dan].flatMap(({ faults }) => faults)).toEqual([]);
  });
});
