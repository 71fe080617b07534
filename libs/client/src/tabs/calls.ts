import type { Client } from '../client.ts';

/** The calls that the leader answers for other tabs. */
const CALLS = {
  wake: (client: Client) => client.wake(),
  localMessages: (client: Client, ...args: Parameters<Client['localMessages']>) => client.localMessages(...args),
  members: (client: Client, ...args: Parameters<Client['members']>) => client.members(...args),
  markRead: (client: Client, ...args: Parameters<Client['markRead']>) => client.markRead(...args),
  setState: (client: Client, ...args: Parameters<Client['setState']>) => client.setState(...args),
  giveState: (client: Client, ...args: Parameters<Client['giveState']>) => client.giveState(...args),
  recall: (client: Client, ...args: Parameters<Client['recall']>) => client.recall(...args),
  typing: (client: Client, ...args: Parameters<Client['typing']>) => client.typing(...args),
};

export type CallName = keyof typeof CALLS;

/** A call of the client. The same one may come again: from a tab that has missed something, and to the next leader. */
export type Call<N extends CallName = CallName> = { [K in N]: { name: K; args: Parameters<Client[K]> } }[N];

export type ResultOf<N extends CallName> = Awaited<ReturnType<Client[N]>>;

export async function answerOf(client: Client, call: Call): Promise<unknown> {
  const run: (client: Client, ...args: never) => unknown = CALLS[call.name];
  return await run(client, ...(call.args as never));
}
