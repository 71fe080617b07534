// A separate process: what the members of a busy group cost must not delay the measuring process.
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { GroupCrowd } from './group-crowd.ts';
import { GroupLoad } from './group-load.ts';

/** The process's instructions. */
export interface CrowdOrder {
  nodes: readonly string[];
  /** An access token of each member who is online. */
  tokens: { readonly [userId: string]: string };
  group: string;
  /** Messages a second that are offered. */
  rate: number;
  seconds: number;
}

/** What became of them. */
export interface CrowdCounts {
  done: number;
  chats: number;
  refused: number;
  unfinished: number;
  /** µs. */
  receivedP50: number;
  receivedP99: number;
}

setPriority(10);
const [order] = (await once(process, 'message')) as [CrowdOrder];
const target = { nodes: order.nodes, token: async (userId: string) => order.tokens[userId] ?? '' };
const crowd = await GroupCrowd.open(target, Object.keys(order.tokens));
process.send?.('ready');
process.on('message', () => void busyTime().then((counts) => process.send?.(counts)));

/** The group is busy for a while, once for each message of the parent. */
async function busyTime(): Promise<CrowdCounts> {
  const load = new GroupLoad(crowd, order.group);
  await load.run({ kind: 'open', rate: order.rate }, order.seconds);
  return {
    ...{ done: load.done, chats: load.chats, unfinished: load.unfinished },
    refused: load.sent - load.done - load.unfinished,
    receivedP50: load.receiving.quantile(0.5),
    receivedP99: load.receiving.quantile(0.99),
  };
}
