import type { OpenChannel } from './channel.ts';
import type { TabLocks } from './leadership.ts';

/** For platforms without locks between tabs: each tab leads itself. */
export function aloneLocks(): TabLocks {
  const held: { name: string; clientId: string }[] = [];
  return {
    async request(name, _, lead) {
      held.push({ name, clientId: 'alone' });
      await lead();
    },
    query: async () => ({ held }),
  };
}

export const aloneChannel: OpenChannel = () => ({ post: () => undefined, close: () => undefined });
