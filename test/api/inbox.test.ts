import { describe, expect, test } from 'vitest';
import { anaReads } from './ana-reads.ts';
import { createTestApi } from './fixture.ts';

describe('the inbox over HTTP', () => {
  test('C10: gives every update in order and says when nothing is left', async () => {
    await using api = await createTestApi();
    const sent = [];
    for (let i = 0; i < 5; i++) sent.push(await api.store('bob', 'ana', `m${i}`));
    await anaReads(api, 'ana~bob', sent[1]?.messageId ?? '');
    const first = (await api.call('GET', '/api/messages/offline?limit=4', { as: 'ana' })).json();
    expect(first).toMatchObject({ position: 4, caughtUp: false, reset: false });
    const { epoch } = first;
    const second = (await api.call('GET', `/api/messages/offline?position=4&epoch=${epoch}`, { as: 'ana' })).json();
    expect(second).toMatchObject({ position: 6, caughtUp: true, reset: false });
    expect(second.updates).toMatchObject([
      { type: 'chat', position: 5, content: { text: 'm4' } },
      { type: 'read', position: 6, upTo: sent[1]?.messageId },
    ]);
  });

  test('goes on where the device confirmed', async () => {
    await using api = await createTestApi();
    for (let i = 0; i < 3; i++) await api.store('bob', 'ana', `m${i}`);
    await api.deps.logs.confirm({ userId: 'ana', deviceId: 'phone', position: 2, at: 1 });
    const page = async (query: string) =>
      (await api.call('GET', `/api/messages/offline?${query}`, { as: 'ana' })).json();
    expect((await page('deviceId=phone')).updates).toHaveLength(1);
    expect((await page('deviceId=tablet')).updates).toHaveLength(3);
    expect((await page('deviceId=phone&position=0')).updates).toHaveLength(3);
  });

  test('C10: a position that the inbox does not have is reset, never skipped', async () => {
    await using api = await createTestApi();
    await api.store('bob', 'ana', 'one');
    const beyond = await api.call('GET', '/api/messages/offline?position=9', { as: 'ana' });
    expect(beyond.json()).toMatchObject({ reset: true, position: 1, caughtUp: true });
    const other = await api.call('GET', '/api/messages/offline?position=1&epoch=another', { as: 'ana' });
    expect(other.json()).toMatchObject({ reset: true, position: 1 });
  });

  test('C8: the unread count is exact, in total and per conversation', async () => {
    await using api = await createTestApi();
    const first = await api.store('bob', 'ana', 'one');
    await api.store('bob', 'ana', 'two');
    await api.store('cat', 'ana', 'three');
    await api.store('ana', 'cat', 'mine');
    const count = async () => (await api.call('GET', '/api/messages/unread-count', { as: 'ana' })).json();
    expect(await count()).toEqual({
      total: 3,
      byConversation: { 'ana~bob': 2, 'ana~cat': 1 },
      mentions: {},
      position: 4,
    });
    const { unread } = await anaReads(api, 'ana~bob', first.messageId);
    await api.deps.unreadCache.set([unread]);
    expect(await count()).toMatchObject({ total: 2, byConversation: { 'ana~bob': 1, 'ana~cat': 1 } });
  });
});
