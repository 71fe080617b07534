import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeptLogin, Login } from './login.ts';

const KEY = 'chasqui.1.session';
const login = (userId: string): Login => ({ userId, accessToken: 'a', refreshToken: 'r', expiresAt: 1 });
let texts: Map<string, string>;
let browser: EventTarget;

beforeEach(() => {
  texts = new Map();
  browser = new EventTarget();
  vi.stubGlobal('location', new URL('https://chat.example/'));
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('localStorage', {
    get length() {
      return texts.size;
    },
    key: (i: number) => [...texts.keys()][i] ?? null,
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

async function signedIn(userId: string): Promise<KeptLogin> {
  const { KeptLogin } = await import('./login.ts');
  const kept = new KeptLogin();
  kept.set(login(userId));
  return kept;
}

/** What another page of this browser has done. */
function another(text: string | null): void {
  text === null ? texts.delete(KEY) : texts.set(KEY, text);
  browser.dispatchEvent(new Event('storage'));
}

test('who signs out in one page is signed out in all of them', async () => {
  const kept = await signedIn('ann');
  another(null);
  expect(kept.get()).toBeNull();
});

test('who signs in in one page is signed in in all of them', async () => {
  const kept = await signedIn('ann');
  another(JSON.stringify(login('eve')));
  expect(kept.get()?.userId).toBe('eve');
  another(null);
  another(JSON.stringify({ ...login('ann'), accessToken: 'b' }));
  expect(kept.get()).toMatchObject({ userId: 'ann', accessToken: 'b' });
});

test('a login that another page has renewed goes on', async () => {
  const kept = await signedIn('ann');
  another(JSON.stringify({ ...login('ann'), accessToken: 'b' }));
  expect(kept.get()?.userId).toBe('ann');
});

test('what release 0.1 kept of a user goes too, where the browser denies its databases', async () => {
  const { forgetFormer, openDatabase } = await import('./live/page-database.ts');
  texts.set('chasqui.1.inbox.ann/out/1', 'unsent');
  (await openDatabase('ann')).close();
  expect([...texts.keys()]).toEqual(['chasqui.1.inbox.ann/out/1']);
  await forgetFormer('ann');
  expect([...texts.keys()]).toEqual([]);
});
