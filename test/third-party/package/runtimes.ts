import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from './consumer.ts';
import type { Outside } from './outside.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
/** Each brings its program, so that no version of the machine is used. */
export const RUNTIMES = [`node-${PLATFORM}@20`, 'deno@2.9.6', 'bun@1.4.5', 'ws@8.23.0'];

/** Two devices talk, in a direct chat and in a group; prints what came, or the code of the error. */
const CHAT = `
import { createClient, ImError, memoryStore } from '@chasqui/client';
import { groups } from '@chasqui/client/groups';
const { urls, nodesUrl, ana, bob, group, webSocket } = JSON.parse(process.argv[2]);
const platform = webSocket ? { webSocket: (await import('ws')).WebSocket } : {};
const tell = (what) => { console.log(JSON.stringify(what)); process.exit(0); };
try {
  const open = (token, deviceId) => createClient({ groups: groups(), token, deviceId, urls, nodesUrl, store: memoryStore(), ...platform });
  const [one, two] = [open(() => ana, 'one'), open(async () => bob, 'two')];
  const seen = [];
  two.on('message', ({ message }) => {
    seen.push(message.content.text);
    two.markRead(message);
    if (message.peer !== '') two.send({ to: message.peer, content: { text: 'hello, ana' } });
  });
  one.on('message', ({ message }) => seen.push(message.content.text));
  await Promise.all([one.connect(), two.connect()]);
  two.openGroup(group);
  const direct = one.send({ to: two.userId, content: { text: 'hello, bob' } });
  await direct.read;
  await one.send({ conversationId: group, content: { text: 'hello, all' } }).stored;
  const members = (await one.members(group)).members.length;
  while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  one.close();
  two.close();
  tell({ seen: seen.sort(), members });
} catch (error) {
  tell({ code: error instanceof ImError ? error.code : String(error), message: error.message });
}
`;

const ALL = { seen: ['hello, all', 'hello, ana', 'hello, bob'], members: 2 };

/** Two devices talk in each runtime. */
export function testRuntimes(outside: () => Outside): void {
  const installed = (path: string) => join(outside().folder, 'node_modules', path);
  const node20 = () => installed(`node-${PLATFORM}/bin/node`);

  /** Runs the chat as two new users. */
  async function chat(runtime: string, program: string, args: string[], options = {}): Promise<unknown> {
    const { cluster, folder } = outside();
    const [ana, bob] = [await cluster.token(`ana-${runtime}`), await cluster.token(`bob-${runtime}`)];
    const { url, connect } = cluster.running;
    const made = await fetch(`${url}/api/groups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ana}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'All', members: [`bob-${runtime}`] }),
    });
    const { group } = (await made.json()) as { group: { conversationId: string } };
    const setup = {
      ...{ urls: connect.map(({ wsUrl }) => wsUrl), nodesUrl: `${url}/api/nodes` },
      ...{ ana, bob, group: group.conversationId, ...options },
    };
    return JSON.parse(await run(program, [...args, 'chat.mjs', JSON.stringify(setup)], folder));
  }

  describe('C3, C6: the packed library, installed outside the repository, talks to a server', () => {
    beforeAll(() => writeFile(join(outside().folder, 'chat.mjs'), CHAT));

    it('in Node 24', async () => {
      expect(await chat('node24', process.execPath, [])).toEqual(ALL);
    });

    it('in Node 20 with a WebSocket that is passed, or that a flag turns on; without one it says what to pass', async () => {
      expect(await run(node20(), ['--version'], outside().folder)).toMatch(/^v20\./);
      expect(await chat('node20', node20(), [], { webSocket: true })).toEqual(ALL);
      expect(await chat('node20-flag', node20(), ['--experimental-websocket'])).toEqual(ALL);
      expect(await chat('node20-bare', node20(), [])).toEqual({
        code: 'config_invalid',
        message: expect.stringContaining('webSocket'),
      });
    });

    it('in Deno', async () => {
      const deno = installed(`@deno/${PLATFORM}${process.platform === 'linux' ? '-glibc' : ''}/deno`);
      expect(await chat('deno', deno, ['run', '--allow-all', '--no-lock'])).toEqual(ALL);
    });

    it('in Bun', async () => {
      expect(await chat('bun', installed(`@oven/bun-${PLATFORM}/bin/bun`), ['run'])).toEqual(ALL);
    });
  });
}
