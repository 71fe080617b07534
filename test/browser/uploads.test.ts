import type { Locator, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { largeFile, textFile } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';

const MIB = 1024 * 1024;
const UPLOADS = '**/api/attachments/*/upload';
const soon = { timeout: 20_000 };

let stage: Stage;
let ann: Person;
let bob: Person;
let cem: Person;
beforeAll(async () => {
  stage = await openStage({ CHASQUI_ATTACHMENT_MAX_MB: '8' });
  [ann, bob, cem] = (await Promise.all(
    ['ann', 'bob', 'cem'].map((userId) => newPerson(stage.browser, stage.origin, userId)),
  )) as [Person, Person, Person];
  await ann.startConversation('cem');
  await ann.startConversation('bob');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = ({ page }: Person, testId: string): Locator => page.getByTestId(testId);
const choose = (...files: Parameters<Locator['setInputFiles']>) => on(ann, 'input-files').setInputFiles(...files);
const states = () => on(ann, 'pending-file').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state')));
const names = (person: Person) => person.page.locator('[data-testid=file] .file-name').allTextContents();

/** Holds back the bytes of uploads after the first request, until the returned function is called. */
async function slowUploads(): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let sent = 0;
  await ann.page.route(UPLOADS, async (route) => {
    if (route.request().method() !== 'PATCH' || sent++ === 0) await route.continue();
    else held.push(route);
  });
  return async () => {
    await ann.page.unroute(UPLOADS);
    // A request of a page that is gone, or that was broken off, goes nowhere.
    for (const route of held) await route.continue().catch(() => undefined);
  };
}

describe('uploads', () => {
  it('go on while another conversation is open, and their message goes where it was written', async () => {
    const release = await slowUploads();
    await choose([largeFile('film.bin', 3 * MIB)]);
    await ann.write('the film');
    await expect.poll(states, soon).toEqual(['uploading']);
    await expect
      .poll(
        () =>
          on(ann, 'pending-file')
            .locator('progress')
            .evaluate((bar) => (bar as HTMLProgressElement).value),
        soon,
      )
      .toBe(MIB);
    expect(await on(ann, 'pending-text').textContent()).toBe('the film');
    await ann.openConversation('cem');
    expect(await on(ann, 'pending-message').count()).toBe(0);
    await ann.write('just this');
    await release();
    await bob.openConversation('ann');
    await expect.poll(() => names(bob), soon).toEqual(['film.bin']);
    expect(await bob.texts()).toEqual(['the film']);
    await cem.openConversation('ann');
    await expect.poll(() => cem.texts(), soon).toEqual(['just this']);
    expect(await names(cem)).toEqual([]);
    await ann.openConversation('bob');
    await expect.poll(() => on(ann, 'pending-message').count(), soon).toBe(0);
  });

  it('are paused, and resumed', async () => {
    const release = await slowUploads();
    await choose([largeFile('two.bin', 2 * MIB)]);
    await on(ann, 'send').click();
    await expect.poll(states, soon).toEqual(['uploading']);
    await on(ann, 'pending-pause').click();
    await expect.poll(states, soon).toEqual(['paused']);
    await release();
    expect(await states()).toEqual(['paused']);
    await on(ann, 'pending-play').click();
    await expect.poll(() => names(bob), soon).toEqual(['film.bin', 'two.bin']);
  });

  it('outlive a reload: the next page goes on from where the server has them, and sends the message once', async () => {
    const release = await slowUploads();
    await choose([largeFile('long.bin', 3 * MIB), textFile('short.txt', 'short')]);
    await ann.write('both');
    await expect.poll(states, soon).toContain('uploading');
    await expect
      .poll(
        () =>
          on(ann, 'pending-file')
            .first()
            .locator('progress')
            .evaluate((bar) => (bar as HTMLProgressElement).value),
        soon,
      )
      .toBe(MIB);
    await ann.page.reload();
    await release();
    await expect.poll(() => names(bob), soon).toEqual(['film.bin', 'two.bin', 'long.bin', 'short.txt']);
    expect((await bob.texts()).filter((text) => text === 'both')).toEqual(['both']);
    await expect.poll(() => on(ann, 'pending-message').count(), soon).toBe(0);
    await ann.page.reload();
    await expect.poll(() => ann.texts(), soon).toHaveLength(3);
    expect(await on(ann, 'pending-message').count()).toBe(0);
  });

  it('a file that the server refuses says why; left out, the others are sent', async () => {
    await choose([largeFile('huge.bin', 9 * MIB), textFile('fine.txt', 'fine')]);
    await on(ann, 'send').click();
    await ann.page.getByText('The file is larger than this server takes.').waitFor();
    await expect.poll(states, soon).toEqual(['failed', 'ready']);
    expect(await names(bob)).not.toContain('fine.txt');
    await on(ann, 'pending-close').first().click();
    await expect.poll(() => names(bob), soon).toContain('fine.txt');
    expect(await names(bob)).not.toContain('huge.bin');
  });

  it('that break off go on by themselves', async () => {
    let broken = 0;
    await ann.page.route(UPLOADS, async (route) => {
      if (route.request().method() === 'PATCH' && broken++ < 2) await route.abort();
      else await route.continue();
    });
    await choose([textFile('broken.txt', 'broken off twice')]);
    await on(ann, 'send').click();
    await expect.poll(() => names(bob), soon).toContain('broken.txt');
    expect(broken).toBeGreaterThan(2);
    await ann.page.unroute(UPLOADS);
  });

  it('that are given up send nothing, and nothing of them is left when the user signs out', async () => {
    const release = await slowUploads();
    await choose([largeFile('never.bin', 3 * MIB)]);
    await on(ann, 'send').click();
    await expect.poll(states, soon).toEqual(['uploading']);
    await on(ann, 'pending-close').click();
    await expect.poll(() => on(ann, 'pending-message').count(), soon).toBe(0);
    await choose([largeFile('secret.bin', 3 * MIB)]);
    await on(ann, 'send').click();
    await expect.poll(() => on(ann, 'pending-message').count(), soon).toBe(1);
    await on(ann, 'settings').click();
    await ann.page.getByTestId('sign-out').click();
    await ann.page.getByTestId('sign-in').waitFor();
    await release();
    await expect.poll(keptFiles, soon).toBe(0);
    expect(await names(bob)).not.toContain('never.bin');
    expect(await names(bob)).not.toContain('secret.bin');
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...bob.faults, ...cem.faults]).toEqual([]);
  });
});

/** Messages with files that the browser keeps. */
function keptFiles(): Promise<number> {
  return ann.page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.includes('files of')) ?? {};
    if (name === undefined) return -1;
    const open = indexedDB.open(name);
    await new Promise((resolve) => open.addEventListener('success', resolve));
    const all = open.result.transaction('messages').objectStore('messages').count();
    await new Promise((resolve) => all.addEventListener('success', resolve));
    open.result.close();
    return all.result;
  });
}
