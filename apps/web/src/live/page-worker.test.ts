import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const code = readFileSync(join(import.meta.dirname, '../../public/worker.js'), 'utf8');
const ROOT = 'https://chat.example/app/';
const SCRIPT = `${ROOT}assets/index-1.js`;
const html = (text: string) => new Response(text, { headers: { 'content-type': 'text/html; charset=utf-8' } });
const ours = () => html('<script src="./assets/index-1.js"></script>');
const script = () => new Response('script', { headers: { 'content-type': 'text/javascript' } });
const away = () => Promise.reject(new TypeError('nobody answers'));
/** As browsers answer a navigation that is redirected. */
const elsewhere = () => ({ type: 'opaqueredirect', status: 0, ok: false }) as Response;
const redirected = (response: Response) => Object.defineProperty(response, 'redirected', { value: true });

/** A browser whose page and files are served by `page` and `file`. */
class TestBrowser {
  readonly kept = new Map<string, Map<string, Response>>();
  page: () => Response | Promise<Response> = ours;
  file: () => Response = script;

  install(root: string): Promise<unknown> {
    return this.#event(root, 'install', {});
  }

  /** What it shows. */
  async open(root: string, url: string): Promise<string> {
    const request = { method: 'GET', mode: url === root ? 'navigate' : 'cors', url };
    const response = await this.#event(root, 'fetch', { request });
    return response?.type === 'opaqueredirect' ? 'elsewhere' : ((await response?.clone().text()) ?? '');
  }

  async #event(root: string, type: string, more: object): Promise<Response | undefined> {
    const listeners = new Map<string, (event: object) => void>();
    const self = {
      registration: { scope: root },
      skipWaiting: () => undefined,
      addEventListener: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
    };
    const fetch = async (asked: Asked) => (urlOf(asked).includes('/assets/') ? this.file() : this.page());
    runInNewContext(code, { self, caches: { open: async (name: string) => this.#cache(name) }, fetch, URL, Response });
    const waits: Promise<unknown>[] = [];
    let answer: Promise<Response> | undefined;
    listeners.get(type)?.({
      ...more,
      respondWith: (response: Promise<Response>) => (answer = response),
      waitUntil: (wait: Promise<unknown>) => waits.push(wait),
    });
    const response = await answer;
    await Promise.all(waits);
    return response;
  }

  #cache(name: string) {
    const cache = this.kept.get(name) ?? new Map<string, Response>();
    this.kept.set(name, cache);
    return {
      match: async (asked: URL) => cache.get(urlOf(asked)),
      put: async (asked: URL, response: Response) => void cache.set(urlOf(asked), response),
      keys: async () => [...cache.keys()].map((url) => ({ url })),
      delete: async (url: string) => cache.delete(url),
    };
  }
}

type Asked = URL | string | { url: string };

function urlOf(asked: Asked): string {
  if (typeof asked === 'string') return asked;
  return 'url' in asked ? asked.url : asked.href;
}

test('a page whose server is away, or answers through its proxy alone, is the one that was kept', async () => {
  const browser = new TestBrowser();
  const shown = await browser.open(ROOT, ROOT);
  browser.page = away;
  expect(await browser.open(ROOT, ROOT)).toBe(shown);
  browser.page = () => new Response('bad gateway', { status: 502 });
  expect(await browser.open(ROOT, ROOT)).toBe(shown);
});

test('a redirect, as to the log-in of a proxy, is followed', async () => {
  const browser = new TestBrowser();
  await browser.open(ROOT, ROOT);
  browser.page = elsewhere;
  expect(await browser.open(ROOT, ROOT)).toBe('elsewhere');
});

test('the pages of others are shown, and not kept: neither in the place of the page, nor of its files', async () => {
  const browser = new TestBrowser();
  browser.file = () => html('log in');
  await browser.open(ROOT, ROOT);
  browser.file = () => redirected(script());
  await browser.open(ROOT, SCRIPT);
  browser.file = script;
  browser.page = () => redirected(ours());
  await browser.install(ROOT);
  expect([...(browser.kept.get(`chasqui ${ROOT}`)?.keys() ?? [])]).toEqual([]);
  browser.page = ours;
  const shown = await browser.open(ROOT, ROOT);
  browser.page = () => html('log in');
  expect(await browser.open(ROOT, ROOT)).toBe('log in');
  browser.page = away;
  expect(await browser.open(ROOT, ROOT)).toBe(shown);
});

test('two pages of one origin keep each their own', async () => {
  const browser = new TestBrowser();
  await browser.open(ROOT, ROOT);
  const other = 'https://chat.example/test/';
  await browser.open(other, other);
  expect([...browser.kept.keys()]).toEqual([`chasqui ${ROOT}`, `chasqui ${other}`]);
  expect([...(browser.kept.get(`chasqui ${ROOT}`)?.keys() ?? [])]).toEqual([SCRIPT, ROOT]);
});
