import type { Client, StateEvent } from '@chasqui/client';
import { afterEach, expect, test, vi } from 'vitest';
import { Api } from '../api.ts';
import type { KeptLogin, Login } from '../login.ts';
import { Store } from '../store.ts';
import { watchLogin } from './watch-login.ts';

afterEach(() => vi.unstubAllGlobals());

/** A page that is signed in, whose API gives `answer`, and whose session then changes so. Returns the login after that. */
async function after(event: StateEvent, answer: () => Response | Promise<Response>): Promise<Login | null> {
  const login = { userId: 'ann', accessToken: 'a', refreshToken: 'r', expiresAt: Date.now() + 600_000 };
  const kept = new Store<Login | null>(login);
  const api = new Api(Object.assign(kept, { latest: () => kept.get() }) as unknown as KeptLogin);
  vi.stubGlobal('fetch', async () => answer());
  let changed: (event: StateEvent) => void = () => undefined;
  const client = {
    on(_: string, handler: (event: StateEvent) => void) {
      changed = handler;
      return () => undefined;
    },
  };
  watchLogin(client as unknown as Client, api, new AbortController().signal);
  changed(event);
  await new Promise((resolve) => setTimeout(resolve, 10));
  return kept.get();
}

const closed = (code: string): StateEvent => ({ state: 'closed', reason: { code, message: '' } });
const refusal = (code: string) => () => Response.json({ error: { code } }, { status: 401 });

test('a device that is logged out from elsewhere, disabled or erased is signed out', async () => {
  expect(await after(closed('logged_out'), refusal('token_invalid'))).toBeNull();
  expect(await after(closed('user_disabled'), refusal('user_disabled'))).toBeNull();
});

test('a login that is still valid, or that nobody can say of, stays', async () => {
  const renewed = { userId: 'ann', accessToken: 'b', refreshToken: 's', expiresInS: 600 };
  expect(await after(closed('token_invalid'), () => Response.json(renewed))).toMatchObject({ accessToken: 'b' });
  expect(await after(closed('logged_out'), () => Promise.reject(new TypeError('away')))).not.toBeNull();
  expect(await after(closed('logged_out'), () => new Response('<html>', { status: 502 }))).not.toBeNull();
  expect(await after(closed('session_replaced'), refusal('token_invalid'))).not.toBeNull();
  // The page itself closed the client.
  expect(await after(closed('connection_closed'), refusal('token_invalid'))).not.toBeNull();
});
