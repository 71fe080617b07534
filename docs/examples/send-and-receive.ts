import { type ClientOptions, createClient } from '@chasqui/client';

/** Amy sends bob a message; bob answers; both promises and events tell how far it came. Returns what was seen, in order. */
export async function sendAndReceive(amysOptions: ClientOptions, bobsOptions: ClientOptions): Promise<string[]> {
  const seen: string[] = [];
  using amy = createClient(amysOptions);
  using bob = createClient(bobsOptions);

  bob.on('message', ({ message }) => {
    if (message.mine) return; // sent by bob on another device
    seen.push(`bob got: ${message.content.text}`);
    bob.markRead(message.peer);
    bob.send({ to: message.peer, content: { text: 'hello, amy' } });
  });
  const answered = new Promise<void>((resolve) => {
    amy.on('message', ({ message }) => {
      seen.push(`amy got: ${message.content.text}`);
      resolve();
    });
  });
  const [{ userId: to }] = await Promise.all([bob.connect(), amy.connect()]);

  const message = amy.send({ to, content: { text: 'hello, bob' } });
  await message.queued; // the server holds it durably: it cannot get lost any more
  await message.stored; // it is in history and inboxes
  await message.delivered; // a device of bob's has it
  await message.read; // bob has read it
  await answered;

  seen.push(...amy.conversation(to).messages.map(({ state, content }) => `${state}: ${content.text}`));
  return seen;
}
