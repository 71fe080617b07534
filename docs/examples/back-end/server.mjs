import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { startChasqui } from './chasqui.mjs';
import { chatToken } from './chat-token.mjs';

const { PORT = '4500', APP = join(import.meta.dirname, '../vite-app/dist') } = process.env;
const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml' };

/** The users who have logged in, by what their cookie says: here your application has its own log-in. */
const sessions = new Map();

const calls = {
  'POST /session': ({ url, answer }) => {
    const userId = url.searchParams.get('user') ?? '';
    if (!/^[a-z]{1,20}$/.test(userId)) return answer(400, { error: 'a name has 1 to 20 letters from a to z' });
    const session = randomUUID();
    sessions.set(session, userId);
    answer(200, { userId }, { 'set-cookie': `session=${session}; HttpOnly; SameSite=Strict; Path=/` });
  },
  'POST /chat-token': async ({ userId, answer }) => {
    if (userId === undefined) return answer(401, { error: 'log in first' });
    const { secret, nodesUrl } = await chasqui;
    answer(200, { userId, token: await chatToken(userId, secret), nodesUrl });
  },
};

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const answer = (status, body, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const call = calls[`${request.method} ${url.pathname}`];
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie)?.[1];
  if (call !== undefined) return call({ url, userId: sessions.get(session), answer });
  const path = url.pathname === '/' ? '/index.html' : url.pathname;
  const file = await readFile(join(APP, path)).catch(() => undefined);
  if (file === undefined) return answer(404, { error: 'there is no such page' });
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(file);
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
}).listen(Number(PORT), '127.0.0.1');
await once(server, 'listening').catch(({ message }) => {
  console.error(`The app cannot start: ${message}. With another port: PORT=5500 npm start`);
  process.exit(1);
});
const chasqui = startChasqui();
await chasqui;
console.log(`The app is at http://127.0.0.1:${PORT}. Next: start the bot in a second terminal.`);
