import { createManualClock, type ManualClock, toRecord } from '@chasqui/contracts';
import {
  type ChangeDetails,
  type ChangeName,
  encodeMessage,
  type GroupChange,
  groupLog,
  HybridClock,
  type Message,
} from '@chasqui/domain';
import {
  createMemoryBus,
  createMemoryConversations,
  createMemoryGroupNodes,
  createMemoryMessages,
  createMemoryPeerNetwork,
  createMemoryPresence,
} from '@chasqui/memory';
import { type Delivery, NO_SESSION } from '@chasqui/ports';
import type { ServerFrame, ServerFrameOf } from '@chasqui/protocol';
import { MemoryConnection, memoryNode, type NodeParts } from './memory-node.ts';

export const BOUNDS = { maxGroupMembers: 100, maxGroupsPerUser: 50 };
/** What the group is created with, by ann. */
export const TEAM = { name: 'Team', description: '', picture: '', settings: {}, members: ['bob', 'cid'] };

/** Two nodes on one set of engines, without Business: the test applies changes and stores messages. */
export async function groupWorld(replaced: Partial<NodeParts> = {}) {
  const clock: ManualClock = createManualClock();
  const ids = new HybridClock({ now: () => clock.now(), tag: 9 });
  const random = () => 0.5;
  const { conversations, groups, logs } = createMemoryConversations({ clock, ids });
  const messages = createMemoryMessages();
  const groupNodes = createMemoryGroupNodes({ clock });
  const network = createMemoryPeerNetwork({ clock, random });
  const bus = createMemoryBus({ clock, random, shards: 1 });
  const shared = { clock, conversations, groups, logs, messages, groupNodes, bus, ...createMemoryPresence({ clock }) };
  const nodes = await Promise.all(
    ['n1', 'n2'].map(async (nodeId) => {
      const node = memoryNode({ ...shared, nodeId, peers: network.linkOf(nodeId), ...replaced });
      network.register(nodeId, nodeId, (deliveries) => node.deliver(deliveries));
      await node.start();
      return node;
    }),
  );
  let changes = 0;
  let made = 0;

  /** Applies a change and tells the nodes, as Business and the API do. */
  async function change<N extends ChangeName>(
    change: N,
    by: string,
    details: ChangeDetails[N],
    conversationId = 'team',
  ) {
    changes++;
    const value = { change, conversationId, changeId: `c${changes}`, by, at: clock.now(), details } as GroupChange;
    const applied = await groups.apply(value, BOUNDS);
    if (applied.outcome.result !== 'applied') throw new Error(JSON.stringify(applied.outcome));
    tell([...new Set([by, ...applied.outcome.users])], conversationId);
    await clock.advance(1);
    return applied;
  }

  function tell(membersChanged: string[], group = 'team') {
    const notice: Delivery = { userId: 'admin', frame: '', onlySession: NO_SESSION, group, membersChanged };
    for (const node of nodes) node.deliver([notice]);
  }

  /** Stores a message in the group's log, as Business does; its text too, unless it is still on its way. */
  async function store(from: string, text: string, fields: Partial<Message> = {}, hasText = true) {
    made++;
    const message: Message = {
      ...{ messageId: ids.next(), conversationId: 'team', from, fromDevice: 'phone', clientMessageId: `m${made}` },
      ...{
        kind: 'group',
        content: { text },
        sentAt: clock.now(),
        audience: [groupLog(fields.conversationId ?? 'team')],
      },
      ...fields,
    };
    const [outcome] = await conversations.record([toRecord(message)]);
    if (outcome?.result !== 'recorded') throw new Error(JSON.stringify(outcome));
    const stored = { ...message, messageId: outcome.messageId };
    if (hasText) await messages.put([{ ...encodeMessage(stored), steps: [] }]);
    return stored;
  }

  async function login(userId: string, at = 0, deviceId = 'phone', fields: object = { groupsSince: 0 }) {
    const node = nodes[at];
    if (node === undefined) throw new RangeError(`no node ${at}`);
    const device = await MemoryConnection.loggedIn(node, userId, deviceId, userId, undefined, fields);
    await clock.advance(20);
    return device;
  }

  return { ...shared, network, nodesRegistry: shared.nodes, nodes, change, tell, store, login };
}

export type GroupWorld = Awaited<ReturnType<typeof groupWorld>>;

export function framesOf<T extends ServerFrame['type']>({ frames }: MemoryConnection, type: T): ServerFrameOf<T>[] {
  return frames.filter((frame) => frame.type === type) as ServerFrameOf<T>[];
}

/** The texts of the messages that came live. */
export function heard(device: MemoryConnection): (string | undefined)[] {
  return framesOf(device, 'chat').map(({ content }) => content?.text);
}
