import { afterEach, expect, test, vi } from 'vitest';
import { Api } from './api.ts';
import type { KeptLogin, Login } from './login.ts';
import { Store } from './store.ts';

afterEach(() => vi.unstubAllGlobals());

test('who signs in or up gets tokens for this device alone, which end when it is logged out from elsewhere', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    return Response.json({ userId: 'ann', accessToken: 'a', refreshToken: 'r', expiresInS: 600 });
  });
  const api = new Api(new Store<Login | null>(null) as KeptLogin);
  await api.signIn('ann', 'secret', 'chrome-linux-1');
  await api.register('ann', 'secret', 'chrome-linux-1');
  const expected = { userId: 'ann', password: 'secret', deviceId: 'chrome-linux-1' };
  expect(asked).toEqual([expected, expected]);
});
