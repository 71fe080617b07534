import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../cluster/free-ports.ts';
import { run } from './consumer.ts';
import type { Outside } from './outside.ts';

const ROOT = join(import.meta.dirname, '../../..');
const soon = { timeout: 20_000 };

export const EXAMPLE_PACKAGES = ['jose@6.2.17', 'standardwebhooks@1.1.1'];

/** The three examples, copied out of the repository and running. */
export interface Shop extends AsyncDisposable {
  folder: string;
  app: string;
  api: string;
  /** The receiver of the bot. */
  hook: string;
  /** What the back end printed until it was ready. */
  greeting: string;
}

/** Builds the app, then starts back end and bot by the commands of the tutorial. */
export async function openShop(installed: string): Promise<Shop> {
  await using stack = new AsyncDisposableStack();
  const folder = join(installed, 'examples');
  const isSource = (path: string) => !['node_modules', 'dist', '.data'].includes(basename(path));
  await cp(join(ROOT, 'docs/examples'), folder, { recursive: true, filter: isSource });
  const [port, chatPort, hookPort] = [await freePort([]), await freePort([1, 101]), await freePort([])];
  const api = `http://127.0.0.1:${chatPort}`;
  const env = { ...process.env, CHECKOUT: ROOT, CHAT_PORT: `${chatPort}`, API: api };
  await run('npm', ['run', 'build'], join(folder, 'vite-app'));

  const tutorial = await readFile(join(ROOT, 'docs/tutorial.md'), 'utf8');
  const start = async (example: string, ready: string, own: object) => {
    const command = `cd docs/examples/${example} && npm start`;
    if (!tutorial.includes(`\`\`\`sh\n${command}\n\`\`\``)) throw new Error(`the tutorial does not say: ${command}`);
    return stack.use(await started(command.replace('docs/examples', folder), ready, { ...env, ...own })).printed;
  };
  const greeting = await start('back-end', 'The app is at', { PORT: `${port}` });
  await start('bot', 'The bot listens', { PORT: `${hookPort}` });
  const owned = stack.move();
  const app = `http://127.0.0.1:${port}`;
  return {
    folder,
    app,
    api,
    hook: `http://127.0.0.1:${hookPort}/hook`,
    greeting,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Runs a command with `npm start` until it has printed a text, without `prestart`, which would install again what is
 * there. Ends with all that it has started.
 */
async function started(
  command: string,
  ready: string,
  env: NodeJS.ProcessEnv,
): Promise<AsyncDisposable & { printed: string }> {
  await using stack = new AsyncDisposableStack();
  const shell = ['-c', command.replace('npm start', 'exec npm --ignore-scripts start')];
  const child = stack.adopt(spawn('sh', shell, { env, detached: true, stdio: 'pipe' }), stop);
  const all = await printed(child, ready);
  const owned = stack.move();
  return { printed: all, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Resolves with all that the process has printed when the text is in it. Rejects, with all that it printed, when it ends before. */
function printed(child: ChildProcess, text: string): Promise<string> {
  let all = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        all += chunk;
        if (all.includes(text)) resolve(all);
      });
    }
    child.once('close', (code) => reject(new Error(`it ended with ${code}: ${all}`)));
  });
}

/** Ends the process and what it has started. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

async function logIn(outside: Outside, { app }: Shop, user: string): Promise<Page> {
  const page = await (await outside.browser.newContext()).newPage();
  await page.goto(app);
  await page.fill('[name=user]', user);
  await page.click('#login button');
  await page.locator('#composer').waitFor();
  return page;
}

const lines = (page: Page) => page.locator('#messages li').allTextContents();

async function write(page: Page, text: string): Promise<void> {
  await page.fill('[name=text]', text);
  await page.press('[name=text]', 'Enter');
}

export function testExamples(outside: () => Outside, opened: () => Promise<Shop>): void {
  describe('the examples of the tutorial, outside the repository', () => {
    let ana: Page;

    it('a user writes in the app, and the bot answers', async () => {
      ana = await logIn(outside(), await opened(), 'ana');
      await write(ana, 'hello');
      await expect
        .poll(() => lines(ana), soon)
        .toEqual([expect.stringMatching(/^hello \(/), 'shop-bot: You wrote: hello']);
    });

    it('the back end says what to do next, and not what Chasqui says to those who log in to it', async () => {
      const { greeting, app } = await opened();
      expect(greeting).toContain(`The app is at ${app}. Next: start the bot`);
      expect(greeting).not.toContain('npx chasqui');
    });

    it('a port that is taken: the back end does not say that the app runs, but how to choose another', async () => {
      const { folder, app, api } = await opened();
      const start = async (ports: { PORT: string; CHAT_PORT: string }) => {
        const env = { ...process.env, CHECKOUT: ROOT, DATA: join(folder, 'other-data'), ...ports };
        await using _ = await started(`cd ${folder}/back-end && npm start`, 'The app is at', env);
      };
      const [taken, other] = [{ PORT: new URL(app).port, CHAT_PORT: new URL(api).port }, `${await freePort([1, 101])}`];
      await expect(start({ ...taken, CHAT_PORT: other })).rejects.toThrow(/EADDRINUSE.* PORT=5500 npm start/s);
      await expect(start({ ...taken, PORT: other })).rejects.toThrow(/cannot listen.* CHAT_PORT=5400 npm start/s);
    });

    it('the page is as it was after a reload', async () => {
      await ana.reload();
      await expect
        .poll(() => lines(ana), soon)
        .toEqual([expect.stringMatching(/^hello \(/), 'shop-bot: You wrote: hello']);
      await ana.locator('#composer').waitFor();
    });

    it('C4: an event that comes again gets no second answer, and one that is not signed none', async () => {
      const { folder, hook } = await opened();
      const secret = /HOOK_SECRET=(.*)/.exec(await readFile(join(folder, 'bot/.data/bot.env'), 'utf8'))?.[1] ?? '';
      const data = { messageId: 'again', conversationId: 'ana~shop-bot', from: 'ana', content: { text: 'again' } };
      const body = JSON.stringify({ data });
      const at = new Date();
      const signature = new Webhook(secret).sign('again', at, body);
      const post = async (signed: string) => {
        const stamp = { 'webhook-id': 'again', 'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}` };
        return (await fetch(hook, { method: 'POST', headers: { ...stamp, 'webhook-signature': signed }, body })).status;
      };
      expect([await post('v1,none'), await post(signature), await post(signature)]).toEqual([400, 204, 204]);
      await write(ana, 'and now');
      await expect.poll(async () => (await lines(ana)).at(-1), soon).toBe('shop-bot: You wrote: and now');
      const answers = (await lines(ana)).filter((line) => line === 'shop-bot: You wrote: again');
      expect(answers).toHaveLength(1);
    });

    it('C18: who writes "help" gets a group with a person, in which both talk', async () => {
      await write(ana, 'help');
      await ana.getByRole('button', { name: 'Help' }).click(soon);
      await expect.poll(() => lines(ana), soon).toEqual(['shop-bot: @agent, ana needs help']);
      const agent = await logIn(outside(), await opened(), 'agent');
      await agent.getByRole('button', { name: 'Help' }).click(soon);
      await write(agent, 'here I am');
      await expect.poll(async () => (await lines(ana)).at(-1), soon).toBe('agent: here I am');
    });

    it('the app starts by itself too, and hands calls of the back end on', async () => {
      const { folder, app } = await opened();
      const port = await freePort([]);
      const command = `cd ${folder}/vite-app && npm start -- --port ${port} --strictPort`;
      await using _ = await started(command, 'Local:', { ...process.env, BACK_END: app });
      const page = await outside().browser.newPage();
      await page.goto(`http://127.0.0.1:${port}`);
      await page.fill('[name=user]', 'ben');
      await page.click('#login button');
      await page.locator('#composer').waitFor();
      await page.close();
    });

    it('the tokens that Python makes are valid too', async () => {
      const { folder, api } = await opened();
      const backEnd = join(folder, 'back-end');
      const secret = await readFile(join(backEnd, '.data/jwt-secret'), 'utf8');
      const program = 'import sys, chat_token; print(chat_token.chat_token(*sys.argv[1:]))';
      const token = (await run('python3', ['-c', program, 'ana', secret], backEnd)).trim();
      const me = await fetch(`${api}/api/users/me`, { headers: { authorization: `Bearer ${token}` } });
      expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ userId: 'ana' })]);
    });
  });
}
