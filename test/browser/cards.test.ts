import { readFile } from 'node:fs/promises';
import { createClient } from '@chasqui/client';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };
const plaza = { latitude: -12.0464, longitude: -77.0428, name: 'Plaza Mayor', address: 'Jirón Carabaya, Lima' };

let stage: Stage;
let li: Person;
beforeAll(async () => {
  stage = await openStage();
  const { cluster, browser, origin } = stage;
  li = await newPerson(browser, origin, 'li.ming', { ...phone, locale: 'zh-CN' });
  await (await newPerson(browser, origin, 'cem')).leave();
  const url = cluster.running.connect[0]?.wsUrl ?? '';
  using bob = createClient({ token: await cluster.token('bob'), deviceId: 'bob-1', urls: [url] });
  await bob.connect();
  await bob.send({ to: 'li.ming', content: { location: plaza, text: 'At noon' } }).delivered;
  await bob.send({ to: 'li.ming', content: { contact: { userId: 'cem', name: 'Cem, "the cook"' } } }).delivered;
  await li.openConversation('bob');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = (testId: string): Locator => li.page.getByTestId(testId);

describe('cards', () => {
  it('a location has its name, and leads to a map and to an application, of which the page fetches nothing', async () => {
    const card = on('location');
    await card.getByText('Plaza Mayor, Jirón Carabaya, Lima').waitFor();
    await card.getByText('位置 · -12.04640, -77.04280').waitFor();
    const map = card.getByTestId('open-map');
    expect(await map.getAttribute('href')).toContain('https://www.openstreetmap.org/?mlat=-12.0464&mlon=-77.0428');
    expect(await map.getAttribute('rel')).toContain('noreferrer');
    expect(await card.getByTestId('open-geo').getAttribute('href')).toBe('geo:-12.0464,-77.0428');
    await expect
      .poll(() => li.texts(), soon)
      .toEqual([expect.stringContaining('At noon'), expect.stringContaining('Cem')]);
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('a contact is saved as a vCard', async () => {
    const downloading = li.page.waitForEvent('download');
    await on('contact-save').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^Cem.*\.vcf$/);
    const card = await readFile(await download.path(), 'utf8');
    expect(card).toContain('FN:Cem\\, "the cook"\r\n');
    expect(card.replaceAll('\r\n ', '')).toContain(`URL:${stage.origin}/#/cem\r\n`);
  });

  it('a contact leads to a conversation', async () => {
    await on('contact-write').click();
    await li.page.locator('[data-testid=chat][data-peer=cem]').waitFor();
  });

  it('the list says in words what the last message was, also after a reload', async () => {
    await li.page.reload();
    await on('back').click();
    const preview = li.page.locator('[data-testid=conversation][data-peer=bob]').getByTestId('kind-preview');
    await expect.poll(() => preview.textContent(), soon).toBe('名片');
  });

  it('meets no error of the page', () => expect(li.faults).toEqual([]));
});
