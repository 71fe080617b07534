import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from './consumer.ts';
import type { Outside } from './outside.ts';
import { serve } from './served.ts';

/** What the two templates of Vite ask for, and what makes them. */
export const TEMPLATE_PACKAGES = [
  ...['create-vite@9.3.0', 'vite@8.3.8', 'typescript@7.0.2', '@types/node@24', '@vitejs/plugin-react@6.3.0'],
  ...['react@19.3.1', 'react-dom@19.3.1', '@types/react@19', '@types/react-dom@19'],
];

const TEMPLATES = [
  { template: 'vanilla-ts', main: 'main.ts', project: 'tsconfig.json' },
  { template: 'react-ts', main: 'main.tsx', project: 'tsconfig.app.json' },
];

/** Uses values and types of the library; resolves to what the sender sees once the message is stored. */
const CHAT = `
import { type ChatMessage, type Client, type ClientOptions, createClient, ImError, localStorageStore } from '@chasqui/client';

const { token = '', nodesUrl = '' } = Object.fromEntries(new URLSearchParams(location.search));

export async function chat(): Promise<string> {
  const options: ClientOptions = { token: async () => token, nodesUrl, deviceId: 'page', store: localStorageStore('chat') };
  using client: Client = createClient(options);
  await client.connect();
  await client.send({ to: 'bob', content: { text: 'hello' } }).stored;
  const own = client.conversation('bob').messages.map(({ content, mine }: ChatMessage) => [content.text, mine]);
  const refused: unknown = await client.send({ to: '', content: {} }).stored.catch((error: unknown) => error);
  return JSON.stringify({ own, refused: refused instanceof ImError && refused.code });
}
`;
const START = `
import { chat } from './chat.ts';
chat().then((text) => { document.title = text; }, (error) => { document.title = String(error); });
`;

export function testTemplates(outside: () => Outside): void {
  describe.each(TEMPLATES)(
    'a new application of Vite ($template) with the packed library',
    ({ template, ...files }) => {
      it('passes the type checker, strictly and with the types of the library, is built, and runs in Chromium', async () => {
        const { folder, browser, cluster } = outside();
        const app = join(folder, template);
        const program = (name: string) => join(folder, 'node_modules/.bin', name);
        await run(program('create-vite'), [template, '--no-interactive', '--template', template], folder);
        await writeFile(join(app, 'src/chat.ts'), CHAT);
        await appendFile(join(app, 'src', files.main), START);
        const strictly = ['--noEmit', '--strict', '--skipLibCheck', 'false'];
        await run(program('tsc'), ['--project', files.project, ...strictly], app);
        await run(program('vite'), ['build'], app);

        await using served = await serve(join(app, 'dist'));
        const page = await browser.newPage();
        const token = await cluster.token(`ana-${template}`);
        const nodesUrl = `${cluster.running.url}/api/nodes`;
        await page.goto(`${served.url}?${new URLSearchParams({ token, nodesUrl })}`);
        await expect.poll(() => page.title(), { timeout: 20_000 }).toMatch(/own|Error/);
        expect(JSON.parse(await page.title())).toEqual({ own: [['hello', true]], refused: 'recipient_invalid' });
        await page.close();
      });
    },
  );
}
