import {
  type ConnectEngines,
  ConnectNode,
  type ConnectNodeOptions,
  type ConnectPolicies,
} from '@chasqui/app-connect/core';
import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS, HybridClock } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import {
  createMemoryBus,
  createMemoryConversations,
  createMemoryDedupHints,
  createMemoryDevices,
  createMemoryGroupNodes,
  createMemoryMessages,
  createMemoryOfflineCache,
  createMemoryPresence,
  createMemoryProfiles,
  createMemoryRelations,
  createMemoryRevocations,
  createMemoryServerEvents,
} from '@chasqui/memory';
import type { BlockStore, Connection, DedupHints } from '@chasqui/ports';
import {
  type ClientFrame,
  type ClientFrameOf,
  decodeFrame,
  encodeFrame,
  type ServerFrame,
  type Subprotocol,
} from '@chasqui/protocol';
import { until } from '../journeys/devices.ts';

/** A node's dependencies, without the groups. */
export type NodeParts = ConnectNodeOptions['runtime'] &
  ConnectEngines &
  ConnectPolicies &
  Omit<ConnectNodeOptions, 'runtime' | 'engines' | 'policies'>;

/** A test's replacements for a node's dependencies; of `dedupHints` and `blocks` also single methods. */
type Replaced = Partial<Omit<NodeParts, 'dedupHints' | 'blocks'>> & {
  dedupHints?: Partial<DedupHints>;
  blocks?: Partial<BlockStore>;
};

/** A Connect node without sockets, on in-memory engines unless given; a token is a user id. */
export function memoryNode({ dedupHints, blocks, ...replaced }: Replaced): ConnectNode {
  const { nodeId = 'connect-1', clock = createManualClock() } = replaced;
  const { presence, nodes } = createMemoryPresence({ clock });
  const { conversations, conversationStates, groups, logs, attachments, reactions } = createMemoryConversations({
    clock,
    ids: new HybridClock({ now: () => clock.now(), tag: 1 }),
  });
  const relations = createMemoryRelations();
  const address = { wsUrl: `ws://${nodeId}/ws`, peerAddress: nodeId };
  return nodeOf({
    nodeId,
    clock,
    random: () => 0.5,
    limits: DEFAULT_LIMITS,
    logger: silentLogger,
    conversations,
    conversationStates,
    groups,
    groupNodes: createMemoryGroupNodes({ clock }),
    logs,
    attachments,
    reactions,
    ...relations,
    presence,
    nodes,
    address: () => address,
    metrics: { frame() {}, accepted() {}, queued() {}, failed() {}, pushed() {}, closed() {} },
    bus: createMemoryBus({ clock, random: () => 0.5, shards: 1 }),
    messages: createMemoryMessages(),
    offlineCache: createMemoryOfflineCache(),
    profiles: createMemoryProfiles(),
    revocations: createMemoryRevocations(),
    devices: createMemoryDevices(),
    ...createMemoryServerEvents(),
    peers: {
      deliver: async (_, deliveries) => deliveries.map(() => 0),
      [Symbol.asyncDispose]: async () => {},
    },
    verifier: { verify: async (token) => ({ userId: token, expiresAt: Number.POSITIVE_INFINITY, issuedAt: 0 }) },
    kickPolicy: 'none',
    blockedSenders: 'refuse',
    ...replaced,
    dedupHints: { ...createMemoryDedupHints({ clock }), ...dedupHints },
    blocks: { ...relations.blocks, ...blocks },
  });
}

function nodeOf(parts: NodeParts): ConnectNode {
  const { nodeId, clock, random, limits, logger, metrics, tracing, ...others } = parts;
  const { peers, verifier, address, kickPolicy, blockedSenders, ...engines } = others;
  return new ConnectNode(
    {
      runtime: { nodeId, clock, random, limits, logger, metrics, tracing },
      engines,
      peers,
      verifier,
      address,
      policies: { kickPolicy, blockedSenders },
    },
    async () => null,
  );
}

let opened = 0;

/** The frames that one connection of a node was sent, until it was closed. */
export class MemoryConnection implements Connection {
  readonly id: string;
  readonly remoteAddress: string;
  readonly subprotocol: Subprotocol = 'chasqui.v1.json';
  readonly frames: ServerFrame[] = [];
  closeCode: number | undefined;
  closeReason: string | undefined;
  readonly #node: ConnectNode;

  constructor(
    node: ConnectNode,
    id: string,
    remoteAddress = '127.0.0.1',
    subprotocol: Subprotocol = 'chasqui.v1.json',
  ) {
    this.#node = node;
    this.id = id;
    this.remoteAddress = remoteAddress;
    this.subprotocol = subprotocol;
    node.handlers.open(this);
  }

  static async loggedIn(
    node: ConnectNode,
    userId: string,
    deviceId = 'phone',
    token = userId,
    subprotocol?: Subprotocol,
    fields: Partial<ClientFrameOf<'login'>> = {},
  ): Promise<MemoryConnection> {
    const connection = new MemoryConnection(node, `${userId}-${deviceId}-${++opened}`, undefined, subprotocol);
    connection.write({ type: 'login', token, deviceId, ...fields });
    await until(() => connection.frames.some(({ type }) => type === 'login_ok'), 'a login');
    return connection;
  }

  /** As if the client had sent it; bytes and texts are passed unchanged. */
  write(frame: ClientFrame | string | Uint8Array): void {
    const isRaw = typeof frame === 'string' || frame instanceof Uint8Array;
    this.#node.handlers.message(this, isRaw ? frame : encodeFrame(frame, this.subprotocol));
  }

  send(data: string | Uint8Array): 'sent' | 'dropped' {
    if (this.closeCode !== undefined) return 'dropped';
    // Any size is taken: incoming frames are bounded, and outgoing ones are under test.
    this.frames.push(
      (typeof data === 'string' ? JSON.parse(data) : decodeFrame(data, this.subprotocol)) as ServerFrame,
    );
    return 'sent';
  }

  flush(): void {}

  backlog(): number {
    return 0;
  }

  end(code: number, reason: string): void {
    if (this.closeCode !== undefined) return;
    this.closeCode = code;
    this.closeReason = reason;
    // As a gateway does: never during the call itself.
    queueMicrotask(() => this.#node.handlers.close(this, code));
  }
}
