import type { ChatMessage, ClientOf } from '@chasqui/client';
import { openChat } from './chat.ts';

/** A conversation that the page can show: the one with the bot, or a group. */
interface Entry {
  /** The other user, or the group. */
  id: string;
  name: string;
  messages: readonly ChatMessage[];
}

const BOT = 'shop-bot';
const find = <E extends HTMLElement>(selector: string) => document.querySelector(selector) as E;
const [login, composer] = [find<HTMLFormElement>('#login'), find<HTMLFormElement>('#composer')];

function entries(client: ClientOf<'groups'>): Entry[] {
  const groups = client.groups().flatMap(({ conversationId, head, messages }) => {
    // Without a role the user is not a member any more.
    return head?.role === undefined ? [] : [{ id: conversationId, name: head.name, messages }];
  });
  return [{ id: BOT, name: 'Shop', messages: client.conversation(BOT).messages }, ...groups];
}

function show(client: ClientOf<'groups'>): void {
  let shown = BOT;

  function render(): void {
    const all = entries(client);
    const buttons = all.map(({ id, name }) => {
      const button = element('button', name);
      button.onclick = () => open(id);
      return button;
    });
    const messages = all.find(({ id }) => id === shown)?.messages ?? [];
    const lines = messages.map(({ mine, from, content, state }) =>
      element('li', mine ? `${content.text} (${state})` : `${from}: ${content.text}`),
    );
    find('#conversations').replaceChildren(...buttons);
    find('#messages').replaceChildren(...lines);
  }

  function open(id: string): void {
    shown = id;
    // The messages of a group come from now on; those of direct conversations always do.
    if (id !== BOT) client.openGroup(id);
    render();
  }

  for (const event of ['message', 'update', 'retract', 'recall', 'group', 'membership'] as const) {
    client.on(event, render);
  }
  client.on('message', ({ message }) => {
    if ((message.peer || message.conversationId) === shown) client.markRead(message);
  });
  client.on('state', ({ state }) => find('#state').replaceChildren(state));
  composer.onsubmit = (event) => {
    event.preventDefault();
    const content = { text: new FormData(composer).get('text') as string };
    // It is shown at once, and sent again until the server has it, whatever becomes of the connection.
    client.send(shown === BOT ? { to: BOT, content } : { conversationId: shown, content });
    composer.reset();
  };
  render();
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

async function enter(user: string): Promise<void> {
  const client = await openChat(user);
  show(client);
  await client.connect();
  sessionStorage.user = user;
  login.hidden = true;
  find('main').hidden = false;
}

login.onsubmit = (event) => {
  event.preventDefault();
  void enter(new FormData(login).get('user') as string);
};
// The page was reloaded.
if (sessionStorage.user !== undefined) void enter(sessionStorage.user);
