import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const BOT = 'shop-bot';
const { API = 'http://127.0.0.1:4400', PORT = '4510', API_KEY, HOOK_SECRET } = process.env;
const webhook = new Webhook(HOOK_SECRET);

/** Calls the server API. */
async function call(path, body, headers = {}) {
  const response = await fetch(`${API}/api/server/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

/** Answers a message that was written to the bot. The event may come again: ids made of its id make it one answer. */
async function answer({ messageId, conversationId, from, content }) {
  // A direct conversation is named by its two users.
  if (from === BOT || !conversationId.split('~').includes(BOT)) return;
  if (content.text === 'help') return openGroup(`help-${messageId}`, from);
  const reply = { from: BOT, to: from, clientMessageId: `re-${messageId}` };
  await call('messages', { ...reply, content: { text: `You wrote: ${content.text}` } });
}

/** A group of the bot, the customer and a person who can help. */
async function openGroup(conversationId, customer) {
  const group = { conversationId, name: 'Help', members: [customer, 'agent'] };
  await call('groups', group, { 'chasqui-actor': BOT, 'idempotency-key': conversationId });
  const first = { from: BOT, conversationId, clientMessageId: conversationId, mentions: ['agent'] };
  await call('messages', { ...first, content: { text: `@agent, ${customer} needs help` } });
}

async function receive(request, response) {
  const body = await text(request);
  let event;
  try {
    event = webhook.verify(body, request.headers);
  } catch {
    return response.writeHead(400).end();
  }
  await answer(event.data);
  response.writeHead(204).end();
}

await call('users/batch', { users: [{ userId: BOT, displayName: 'Shop', bot: true }] });
createServer((request, response) => {
  receive(request, response).catch((error) => {
    console.error(error);
    // Chasqui sends the event again.
    response.writeHead(500).end();
  });
}).listen(Number(PORT), '127.0.0.1', () => console.log(`The bot listens on http://127.0.0.1:${PORT}/hook`));
