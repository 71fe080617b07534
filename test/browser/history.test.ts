import { createClient } from '@chasqui/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { readUp } from './read-up.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
const soon = { timeout: 15_000 };
const COUNT = 160;
const special = new Map([
  [12, '我们上个星期去了北京大学的图书馆'],
  [140, '明天飞北京'],
  [150, 'The umbrella is in the hall, umbrellas are not'],
]);
const texts = Array.from({ length: COUNT }, (_, i) => special.get(i) ?? `Message number ${i}`);

beforeAll(async () => {
  stage = await openStage();
  const { cluster, browser, origin } = stage;
  ann = await newPerson(browser, origin, 'ann', { node: 1 });
  const url = cluster.running.connect[1]?.wsUrl ?? '';
  using bob = createClient({ token: await cluster.token('bob'), deviceId: 'bob-1', urls: [url] });
  await bob.connect();
  const sent = texts.map((text) => bob.send({ to: 'ann', content: { text } }));
  await Promise.all(sent.map(({ stored }) => stored));
  await bob.send({ to: 'ann', content: { text: 'The last one' } }).stored;
  // A newly opened page has no messages in memory, so it shows the history.
  await ann.page.reload();
  await ann.isConnected();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('a long conversation', () => {
  it('C8: is counted exactly', async () => {
    await expect.poll(() => ann.unread('bob'), soon).toBe(COUNT + 1);
  });

  it('opens at its end, and is read page by page as one scrolls up, without a gap', async () => {
    await ann.openConversation('bob');
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe('The last one');
    expect((await ann.texts()).length).toBeLessThan(COUNT);
    expect(await readUp(ann)).toEqual([...texts, 'The last one']);
  });

  it('does not move what one reads when something new arrives, and leads back to the end', async () => {
    const seen = ann.page.getByText('Message number 5', { exact: true });
    await seen.scrollIntoViewIfNeeded();
    const place = (await seen.boundingBox())?.y;
    const url = stage.cluster.running.connect[1]?.wsUrl ?? '';
    using bob = createClient({ token: await stage.cluster.token('bob'), deviceId: 'bob-2', urls: [url] });
    await bob.connect();
    await bob.send({ to: 'ann', content: { text: 'News' } }).delivered;
    await ann.page.getByTestId('to-latest').getByText('1 new message').waitFor();
    // Sub-pixel rounding may differ; a line of text is 20 pixels high.
    expect(Math.abs(((await seen.boundingBox())?.y ?? -1e6) - (place ?? 0))).toBeLessThan(2);
    await ann.page.getByTestId('to-latest').click();
    await expect.poll(() => ann.page.getByText('News').last().isVisible(), soon).toBe(true);
    await expect.poll(() => ann.page.getByTestId('to-latest').count(), soon).toBe(0);
  });
});

describe('search', () => {
  it('C13: finds Chinese by a part of a word and marks it', async () => {
    await ann.page.getByTestId('search').fill('北京');
    await expect.poll(() => ann.page.getByTestId('search-hit').count(), soon).toBe(2);
    expect(await ann.page.getByTestId('search-hit').locator('mark').allTextContents()).toEqual(['北京', '北京']);
  });

  it('C13: finds English by words and by their beginnings', async () => {
    await ann.page.getByTestId('search').fill('UMBRELLA');
    await expect.poll(() => ann.page.getByTestId('search-hit').count(), soon).toBe(1);
    expect(await ann.page.getByTestId('search-hit').locator('mark').allTextContents()).toEqual([
      'umbrella',
      'umbrella',
    ]);
  });

  it('leads to the message in its conversation, however far back', async () => {
    await ann.page.reload();
    await ann.isConnected();
    await ann.page.getByTestId('search').fill('图书馆');
    await ann.page.getByTestId('search-hit').click();
    const found = ann.page.getByTestId('message').filter({ hasText: special.get(12) ?? '' });
    await expect.poll(() => found.count(), soon).toBe(1);
    await expect.poll(() => found.evaluate((item) => item.getBoundingClientRect().top > 0), soon).toBe(true);
  });

  it('searches one conversation, and says so', async () => {
    await ann.page.getByTestId('search-here').click();
    expect(await ann.page.getByTestId('search-scope').textContent()).toBe('bob');
    await ann.page.keyboard.type('飞北');
    await expect.poll(() => ann.page.getByTestId('search-hit').count(), soon).toBe(1);
    await ann.page.keyboard.press('Escape');
    await ann.page.getByTestId('conversation-list').waitFor();
  });

  it('meets no error of the page', () => {
    expect(ann.faults).toEqual([]);
  });
});
