import { type Attachments, ImError } from '@chasqui/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileReader } from './file-reader.ts';

const message = { conversationId: 'ann~bob', messageId: '0'.repeat(24) };
const file = { id: '1'.repeat(32), name: 'x', size: 3, type: 'text/html' };
const picture = { ...file, type: 'image/png', media: { thumbnails: [320, 1280] as const } };
type Read = Attachments['read'];
type Thumbnail = Attachments['thumbnail'];
const thumbnail: Thumbnail = () => Promise.reject(new ImError('not_found', 'it has none'));
const link: Attachments['link'] = async (_, __, { save = false } = {}) => ({ url: `/link?${save}`, expiresAt: 0 });

/** More than all waits together. Other tests of the process may have timers of their own, which never end. */
const ALL_WAITS_MS = 10_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a message that is shown before it is stored has its files a moment later', async () => {
  let tries = 0;
  const read: Read = async () => {
    if (tries++ < 2) throw new ImError('message_not_found', 'no such message');
    return new Response('abc');
  };
  const reading = new FileReader({ read, thumbnail, link }).whole(message, file);
  await vi.advanceTimersByTimeAsync(ALL_WAITS_MS);
  expect(await (await reading).text()).toBe('abc');
});

test('what is gone for good is told after some seconds, another refusal at once', async () => {
  const refuse = (code: 'not_found' | 'forbidden') => vi.fn<Read>(() => Promise.reject(new ImError(code, code)));
  const [gone, forbidden] = [refuse('not_found'), refuse('forbidden')];
  const reading = expect(new FileReader({ read: gone, thumbnail, link }).whole(message, file)).rejects.toThrow(
    'not_found',
  );
  await vi.advanceTimersByTimeAsync(ALL_WAITS_MS);
  await reading;
  expect(gone).toHaveBeenCalledTimes(5);
  await expect(new FileReader({ read: forbidden, thumbnail, link }).whole(message, file)).rejects.toThrow('forbidden');
  expect(forbidden).toHaveBeenCalledTimes(1);
});

test('bytes are counted as they come, and what a browser would run is held without a type', async () => {
  const told: number[] = [];
  const read: Read = async () => new Response('abc', { headers: { 'content-type': 'text/html' } });
  const blob = await new FileReader({ read, thumbnail, link }).whole(message, file, (bytes) => told.push(bytes));
  expect([blob.type, blob.size, told]).toEqual(['application/octet-stream', 3, [3]]);
});

test('the smallest thumbnail that is large enough is read, and the picture where there is none', async () => {
  const read = vi.fn<Read>(async () => new Response('whole'));
  const reader = new FileReader({ read, thumbnail: async (_, __, size) => new Response(`${size}`), link });
  expect(await (await reader.picture(message, picture, 300)).text()).toBe('320');
  expect(await (await reader.picture(message, picture, 720)).text()).toBe('1280');
  expect(await (await reader.picture(message, picture, 2_000)).text()).toBe('whole');
});

test('an address is asked for until the message is stored', async () => {
  let tries = 0;
  const late: Attachments['link'] = async (...asked) => {
    if (tries++ < 2) throw new ImError('message_not_found', 'no such message');
    return link(...asked);
  };
  const read: Read = async () => new Response();
  const asking = new FileReader({ read, thumbnail, link: late }).address(message, file, { save: true });
  await vi.advanceTimersByTimeAsync(ALL_WAITS_MS);
  expect([await asking, tries]).toEqual(['/link?true', 3]);
});
