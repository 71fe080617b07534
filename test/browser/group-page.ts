import type { Person } from './person.ts';

/** Chooses somebody in the picker of members. */
async function choose(person: Person, userId: string): Promise<void> {
  await person.page.getByTestId('find-members').fill(userId);
  const row = person.page.locator(`[data-testid=found-members] [data-user="${userId}"]`);
  await row.getByTestId('choose-member').click();
}

/** Creates a group in which newcomers read what is written since they joined. Returns its id. */
export async function createGroup(person: Person, name: string, picture: string, members: string[]): Promise<string> {
  const { page } = person;
  await page.getByTestId('new-conversation').click();
  await page.getByTestId('new-group').click();
  await page.getByTestId('group-name').fill(name);
  await page.getByTestId('group-picture').fill(picture);
  for (const member of members) await choose(person, member);
  await page.getByTestId('create-group').click();
  await page.locator('[data-testid=chat]:not([data-conversation=""])').waitFor();
  await inPanel(person, async () => {
    await page.getByTestId('group-settings').locator('summary').click();
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await page.getByTestId('setting-history').selectOption('since_join');
    await saved;
  });
  return (await page.getByTestId('chat').getAttribute('data-conversation')) ?? '';
}

export async function addMember(person: Person, userId: string): Promise<void> {
  await inPanel(person, async () => {
    await person.page.getByTestId('add-members').click();
    await choose(person, userId);
    await person.page.getByTestId('add-chosen').click();
    await person.page.locator(`[data-testid=group-members] [data-user=${userId}]`).waitFor();
  });
}

export async function leaveGroup(person: Person): Promise<void> {
  await inPanel(person, async () => {
    await person.page.getByTestId('leave-group').click();
    await person.page.getByTestId('leave-sure').click();
  });
  await person.page.getByTestId('composer-blocked').waitFor();
}

export async function makeAdmin(person: Person, userId: string): Promise<void> {
  const row = person.page.locator(`[data-testid=group-members] [data-user=${userId}]`);
  await row.getByTestId('member-menu').click();
  await person.page.getByTestId('member-makeAdmin').click();
  await row.getByText('Admin').waitFor();
}

/** Does something in the group's panel. */
export async function inPanel(person: Person, action: () => Promise<unknown>): Promise<void> {
  await person.page.getByTestId('about-group').click();
  await action();
  await person.page.getByTestId('group-close').click();
}

/** What the page shows of what happened in the group, in order. */
export function notices(person: Person): Promise<string[]> {
  return person.page.getByTestId('notice').allTextContents();
}

/** The texts that the page's search finds. */
export async function found(person: Person, query: string): Promise<string[]> {
  await person.page.getByTestId('search').fill(query);
  await person.page.locator('section[aria-busy=false] [role=status], [data-testid=search-hit]').first().waitFor();
  const hits = await person.page.getByTestId('search-hit').locator('.found').allTextContents();
  await person.page.getByTestId('search').fill('');
  return hits.map((hit) => hit.replace(/^\w+: /, '')).toSorted();
}
