import type { Client, FullClient } from '../client.ts';
import type { ActionCalls, GroupCalls, RecallCalls, StateCalls } from '../part-calls.ts';

/** The leader's client: with the parts that it was made with. */
export type LedClient = Client &
  Pick<GroupCalls, 'on'> &
  Partial<Omit<GroupCalls, 'on'> & StateCalls & RecallCalls & ActionCalls>;

/** The calls that the leader answers for other tabs. */
const CALLS = {
  wake: (client: LedClient) => client.wake(),
  localMessages: (client: LedClient, ...args: Parameters<FullClient['localMessages']>) => client.localMessages(...args),
  members: (client: LedClient, ...args: Parameters<FullClient['members']>) => client.members?.(...args),
  markRead: (client: LedClient, ...args: Parameters<FullClient['markRead']>) => client.markRead(...args),
  setState: (client: LedClient, ...args: Parameters<FullClient['setState']>) => client.setState?.(...args),
  giveState: (client: LedClient, ...args: Parameters<FullClient['giveState']>) => client.giveState?.(...args),
  recall: (client: LedClient, ...args: Parameters<FullClient['recall']>) => client.recall?.(...args),
  edit: (client: LedClient, ...args: Parameters<FullClient['edit']>) => client.edit?.(...args),
  react: (client: LedClient, ...args: Parameters<FullClient['react']>) => client.react?.(...args),
  hide: (client: LedClient, ...args: Parameters<FullClient['hide']>) => client.hide?.(...args),
  reactors: (client: LedClient, ...args: Parameters<FullClient['reactors']>) => client.reactors?.(...args),
  typing: (client: LedClient, ...args: Parameters<FullClient['typing']>) => client.typing(...args),
};

export type CallName = keyof typeof CALLS;

/** A call of the client. The same one may come again: from a tab that has missed something, and to the next leader. */
export type Call<N extends CallName = CallName> = { [K in N]: { name: K; args: Parameters<FullClient[K]> } }[N];

export type ResultOf<N extends CallName> = Awaited<ReturnType<FullClient[N]>>;

export async function answerOf(client: LedClient, call: Call): Promise<unknown> {
  const run: (client: LedClient, ...args: never) => unknown = CALLS[call.name];
  return await run(client, ...(call.args as never));
}
