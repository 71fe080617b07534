import { createManualClock, type ManualClock } from '@chasqui/contracts';
import { BlockList, EventPublisher, GroupAccess, type KnownMember, type RoutedDelivery } from '@chasqui/core';
import { type Clock, DEFAULT_LIMITS, HybridClock, ImError, type Limits } from '@chasqui/domain';
import { createMetrics, silentLogger } from '@chasqui/kit';
import type { AttachmentStore, Connection, DedupClaim, DedupHints, MessageBus } from '@chasqui/ports';
import type { ClientFrameOf } from '@chasqui/protocol';
import { Admission } from '../admission/admission.ts';
import { createConnectMetrics } from '../connect-metrics.ts';
import { AttachedFiles } from '../send/attached-files.ts';
import type { ConversationKind } from '../send/conversation-kind.ts';
import { DirectConversations } from '../send/conversations/direct.ts';
import { GroupConversations } from '../send/conversations/group.ts';
import type { ForwardedContent } from '../send/forwarded-content.ts';
import { LateContent } from '../send/late-content.ts';
import { MessageSender } from '../send/message-sender.ts';
import { Session } from '../sessions/session.ts';
import { groupStore } from './group-store.ts';

const noMessage = new ImError('message_not_found', 'there is none');

export type Frame = { type: string; [field: string]: unknown };

export interface SendingOptions {
  /** Publishes to the bus. Absent: the bus accepts everything at once. */
  publish?: MessageBus['publish'];
  /** What the dedup hints already keep for a claim. Absent: nothing was sent before. */
  claim?: (claim: DedupClaim) => DedupClaim;
  /** When the dedup hints answer. Absent: at once. */
  claims?: Promise<void>;
  /** In place of `claim`: hints that keep what is claimed. */
  kept?: Map<string, DedupClaim>;
  limits?: Partial<Limits>;
  /** Replaces the manual clock. */
  clock?: Clock;
  /** Whether all users count as light. */
  isLight?: boolean;
  /** What the store says of ann and a group; null: it is away. Absent: she is a member. */
  standing?: (group: string) => KnownMember | null;
  /** Whether ann's session gets what happens in groups. */
  isInGroups?: boolean;
  /** Sends of a group that wait on the node. */
  backlog?: number;
  /** What the ledger of attachments has; it is away: throws. Absent: nothing. */
  attachments?: AttachmentStore['get'];
  /** What forwards find. Absent: nothing. */
  forwards?: Pick<ForwardedContent, 'read' | 'firstCopy'>;
  /** Additional kinds of conversation. */
  kinds?: { [name: string]: ConversationKind };
}

/** Ann's phone on a node. The test can inspect the frames it gets, the deliveries and the published events. */
export function sending({ publish = async () => {}, ...options }: SendingOptions = {}) {
  const manual: ManualClock = createManualClock();
  const clock = options.clock ?? manual;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const told: Frame[] = [];
  const pushed: RoutedDelivery[] = [];
  const located: string[] = [];
  const published: string[] = [];
  const tell = (text: string) => {
    told.push(JSON.parse(text));
    return 'sent' as const;
  };
  const connection = { id: 'c', subprotocol: '', send: tell } as Partial<Connection> as Connection;
  const session = new Session(connection, 's1', clock.monotonic());
  Object.assign(session, { userId: 'ann', deviceId: 'phone', state: 'open' });
  const bus: Partial<MessageBus> = {
    shards: () => 1,
    async publish(publication) {
      await publish(publication);
      published.push(publication.body);
    },
  };
  /** The load that admission sees. */
  const load = { waiting: 0, early: 0, waitingCharacters: 0, delayMs: 0, delayOf: () => load.delayMs };
  const blocks = { blocked: async (pairs: readonly unknown[]) => pairs.map(() => false) };
  const sender = new MessageSender({
    nodeId: 'n1',
    clock,
    limits,
    ids: new HybridClock({ now: clock.now, tag: 1 }),
    logger: silentLogger,
    kinds: {
      c2c: new DirectConversations({
        blocks: new BlockList({ blocks, clock, logger: silentLogger }),
        policy: 'refuse',
      }),
      group: new GroupConversations({
        access: new GroupAccess({ groups: groupStore(options.standing), clock, logger: silentLogger }),
        groups: { has: () => options.isInGroups ?? false, backlog: () => options.backlog ?? 0 },
        clock,
        limits,
      }),
      ...options.kinds,
    },
    late: new LateContent({
      files: new AttachedFiles({
        attachments: { get: options.attachments ?? (async (ids) => ids.map(() => null)) },
        limits,
      }),
      forwards: options.forwards ?? { read: async () => noMessage, firstCopy: async () => noMessage },
      clock,
    }),
    publisher: new EventPublisher({ bus: bus as MessageBus, clock, limits }),
    admission: new Admission({ clock, limits, publisher: load, work: { isLight: () => options.isLight ?? false } }),
    router: {
      async locate(userIds) {
        located.push(...userIds);
        return new Map();
      },
      async route(deliveries) {
        pushed.push(...deliveries);
        return deliveries.map(() => 1);
      },
    },
    dedup: options.kept === undefined ? hintsBy(options.claim, options.claims) : keepingHints(options.kept),
    metrics: createConnectMetrics(createMetrics({ app: 'connect' })),
    tracing: undefined,
  });
  const send = (clientMessageId: string, fields: Partial<ClientFrameOf<'chat'>> = {}) => {
    sender.send(session, {
      type: 'chat',
      clientMessageId,
      ...(fields.conversationId === undefined ? { to: 'bob' } : {}),
      content: { text: clientMessageId },
      ...fields,
    });
  };
  const pushedTo = (to: string) => pushed.filter(({ userId }) => userId === to).map(({ frame }) => JSON.parse(frame));
  return { clock: manual, load, session, sender, send, told, pushed, pushedTo, located, published };
}

function hintsBy(claim: SendingOptions['claim'], answer?: Promise<void>): DedupHints {
  return {
    async claim(claims) {
      await answer;
      return claims.map(claim ?? ((one) => one));
    },
    find: async (claims) => claims.map((one) => claim?.(one) ?? null),
    async [Symbol.asyncDispose]() {},
  };
}

function keepingHints(kept: Map<string, DedupClaim>): DedupHints {
  const first = ({ clientMessageId }: DedupClaim) => kept.get(clientMessageId);
  return {
    async claim(claims) {
      for (const claim of claims) kept.set(claim.clientMessageId, first(claim) ?? claim);
      return claims.map((claim) => first(claim) ?? claim);
    },
    find: async (claims) => claims.map((claim) => first(claim) ?? null),
    async [Symbol.asyncDispose]() {},
  };
}
