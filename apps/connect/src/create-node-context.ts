import {
  BlockList,
  ConversationAccess,
  DeliveryRouter,
  EventPublisher,
  GroupAccess,
  LogReader,
  NodeDirectory,
  PresenceVisibility,
  ReadOnlyMode,
  SessionCutOffs,
  WantedEvents,
} from '@chasqui/core';
import { defined, HybridClock, type NodeInfo } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import { Admission } from './admission/admission.ts';
import { GroupRates } from './admission/group-rates.ts';
import { WorkBudgets } from './admission/work-budgets.ts';
import type { ConnectNodeOptions } from './connect-node-options.ts';
import { OfflineReporter } from './deliver/offline-reporter.ts';
import { PushWatch } from './deliver/push-watch.ts';
import { GroupDeliveries } from './groups/group-deliveries.ts';
import { tellJoined } from './groups/group-heads.ts';
import { GroupSessions } from './groups/group-sessions.ts';
import { GroupSubscriptions } from './groups/group-subscriptions.ts';
import { MembershipReads } from './groups/membership-reads.ts';
import type { NodeContext } from './node-context.ts';
import { PresenceEvents } from './presence/presence-events.ts';
import { PresenceRegistrar } from './presence/presence-registrar.ts';
import { AttachedFiles } from './send/attached-files.ts';
import { DirectConversations } from './send/conversations/direct.ts';
import { GroupConversations } from './send/conversations/group.ts';
import { ForwardedContent } from './send/forwarded-content.ts';
import { IdClock } from './send/id-clock.ts';
import { LateContent } from './send/late-content.ts';
import { MessageSender } from './send/message-sender.ts';
import { ServerSender } from './send/server-sender.ts';
import { DeviceNotes } from './sessions/device-notes.ts';
import type { Session } from './sessions/session.ts';
import { SessionRegistry } from './sessions/session-registry.ts';
import { SessionReviews } from './sessions/session-reviews.ts';

/** What the parts of a node need from the node itself. */
export interface ThisNode {
  isDraining(): boolean;
  /** The node's current announcement to others. */
  describe(): NodeInfo;
  /** Delivers to the node's own sockets. */
  deliver(deliveries: readonly Delivery[]): number[];
  /** A frame could not be encoded for a session. */
  undeliverable(session: Session, error: unknown): void;
}

/** The one place where the parts of a Connect node are put together. It starts nothing. */
export function createNodeContext(options: ConnectNodeOptions, node: ThisNode): NodeContext {
  const { runtime, engines, peers, verifier, policies } = options;
  const { nodeId, clock, random, limits, logger } = runtime;
  const { bus, presence, nodes: registry, dedupHints: dedup, offlineCache: cache } = engines;
  const { conversations, conversationStates: states, groups: groupStore, groupNodes, logs } = engines;
  const { messages, reactions, profiles, contacts, blocks, revocations, devices, serverEvents, webhooks } = engines;

  const ids = new HybridClock({ now: () => clock.now(), tag: Math.floor(random() * 2 ** 32) });
  const idClock = new IdClock({ ids, limits, logger });
  const sessions = new SessionRegistry();
  const watch = new PushWatch({
    clock,
    ackTimeoutMs: limits.ackTimeoutMs,
    maxUnacked: limits.maxUnackedPushes,
    maxUnackedPerUser: limits.maxUnackedPushesPerUser,
  });
  const publisher = new EventPublisher({ bus, clock, limits });
  const offline = new OfflineReporter({ nodeId, clock, publisher, watch, logger });
  const directory = new NodeDirectory({ registry, clock, onRead: (nodes) => idClock.follow(nodes) });
  const local = { nodeId, deliver: (deliveries: readonly Delivery[]) => node.deliver(deliveries) };
  const router = new DeliveryRouter({ presence, groupNodes, directory, peers, local, logger });
  const cutOffs = new SessionCutOffs({ revocations, clock, logger });
  const readOnly = new ReadOnlyMode({ ...defined({ movable: engines.movable }), clock, logger });
  void readOnly.refresh();
  const work = new WorkBudgets({ clock, limits });
  const admission = new Admission({ clock, publisher, limits, work });
  const blockList = new BlockList({ blocks, clock, logger });
  const groupAccess = new GroupAccess({ groups: groupStore, clock, logger });
  const groups = new GroupSessions({
    ...{ access: groupAccess, sessions, clock },
    isLate: () => registrar.isLate,
    reads: new MembershipReads({ groups: groupStore, clock, random, limits, logger }),
    subscriptions: new GroupSubscriptions({
      ...{ nodeId, groupNodes, clock, logger },
      late: (group) => groups.tellToSync(group),
    }),
    deliveries: new GroupDeliveries({
      ...{ limits, clock },
      pushed: (count) => runtime.metrics.pushed(count),
      failed: node.undeliverable,
    }),
    joined: (session, group) => void tellJoined({ groupStore, states, clock, random, logger }, session, group),
  });
  const kinds = {
    c2c: new DirectConversations({ blocks: blockList, policy: policies.blockedSenders }),
    group: new GroupConversations({ access: groupAccess, groups, clock, limits }),
  };
  const { attachments } = engines;
  const access = new ConversationAccess(groupStore);
  const late = new LateContent({
    files: new AttachedFiles({ attachments, limits }),
    forwards: new ForwardedContent({ messages, access, conversationStates: states, attachments, limits }),
    clock,
  });
  const sender = new MessageSender({ ...runtime, ids, kinds, late, publisher, admission, router, dedup });
  const describe = () => node.describe();
  const wanted = new WantedEvents({ serverEvents, webhooks, clock, logger });
  const events = new PresenceEvents({ wanted, publisher, presence, clock, logger });
  const registrar = new PresenceRegistrar({
    ...{ presence, registry, sessions, groups, clock, limits, logger, describe, events },
  });
  return {
    ...runtime,
    verifier,
    cutOffs,
    readOnly,
    work,
    admission,
    kickPolicy: policies.kickPolicy,
    reviews: new SessionReviews({ cutOffs, clock }),
    ids,
    idClock,
    publisher,
    blocks: blockList,
    kinds,
    sender,
    serverSender: new ServerSender({ nodeId, clock, sender, isDraining: () => node.isDraining() }),
    sessions,
    router,
    groupStore,
    groupAccess,
    groupReactions: new GroupRates(clock, limits.groupReactionsPerSecond, limits.groupReactionBurst),
    groups,
    watch,
    offline,
    states,
    logReader: new LogReader({
      ...{ logs, conversations, states, reactions, messages, cache, logger },
      maxPageBytes: limits.maxSyncPageBytes,
    }),
    presence,
    registrar,
    presenceVisibility: new PresenceVisibility({ profiles, contacts, blocks, clock, logger }),
    deviceNotes: new DeviceNotes({ devices, clock, logger }),
    get draining() {
      return node.isDraining();
    },
  };
}
