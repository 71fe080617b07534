import type { Client } from '@chasqui/client';
import { afterEach, expect, test, vi } from 'vitest';
import { Api } from '../api.ts';
import type { KeptLogin, Login } from '../login.ts';
import { Store } from '../store.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { ChatHistory } from './chat-history.ts';

afterEach(() => vi.unstubAllGlobals());

/** What a history shows when the browser has one message, and the server answers so. */
async function shown(answer: () => Response | Promise<Response>): Promise<string[] | 'failed'> {
  vi.stubGlobal('fetch', async () => answer());
  const login = { userId: 'ann', accessToken: 'a', refreshToken: 'r', expiresAt: Date.now() + 600_000 };
  const api = new Api(new Store<Login | null>(login) as KeptLogin);
  const client = { on: () => () => undefined, localMessages: async () => [sampleMessage(1)] };
  const { signal } = new AbortController();
  const sources = { api, client: client as unknown as Client, me: 'ann', conversationId: 'ann~bob' };
  const history = new ChatHistory(
    { ...sources, quotes: { take: () => undefined }, reactions: { take: () => undefined } },
    signal,
  );
  await vi.waitFor(() => expect(history.get().status).not.toBe('loading'));
  const { status, messages } = history.get();
  return status === 'failed' ? 'failed' : messages.map(({ content }) => content.text ?? '');
}

test('while no server answers, or only its proxy does, a history has what the browser keeps', async () => {
  expect(await shown(() => Promise.reject(new TypeError('away')))).toEqual(['text 1']);
  expect(await shown(() => new Response('<html>bad gateway</html>', { status: 502 }))).toEqual(['text 1']);
  expect(await shown(() => Response.json({ error: { code: 'store_unavailable' } }, { status: 503 }))).toEqual([
    'text 1',
  ]);
});

test('what the server refuses is not shown from the browser', async () => {
  expect(await shown(() => Response.json({ error: { code: 'not_a_member' } }, { status: 403 }))).toBe('failed');
});
