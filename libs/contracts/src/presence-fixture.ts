import type { DevicePresence, NodeInfo } from '@chasqui/domain';
import type { NodeRegistry, Presence } from '@chasqui/ports';
import { type Harness, subjectOf, until } from './harness.ts';

/** Presence and the leases that it depends on. */
export interface PresenceEngine {
  presence: Presence;
  nodes: NodeRegistry;
}

export type PresenceHarness = Harness<PresenceEngine>;

/** A lease longer than any test. */
export const LONG = 600_000;
/** A lease whose expiry a test waits for. */
export const SHORT = 400;

export function presenceFixture(harness: PresenceHarness) {
  const subject = subjectOf(harness, ({ presence, nodes }) => [presence, nodes]);
  let sessions = 0;
  return {
    presence: () => subject.current.presence,
    nodes: () => subject.current.nodes,
    node(nodeId: string, fields: Partial<NodeInfo> = {}): NodeInfo {
      return {
        nodeId,
        wsUrl: `ws://127.0.0.1/${nodeId}`,
        peerAddress: `127.0.0.1:${nodeId.length}`,
        connections: 0,
        draining: false,
        startedAt: harness.clock.now(),
        ...fields,
      };
    },
    entry(userId: string, deviceId: string, nodeId: string): DevicePresence {
      sessions++;
      return {
        userId,
        deviceId,
        nodeId,
        sessionId: `session-${sessions}`,
        platform: 'web',
        since: harness.clock.now(),
      };
    },
    /** Waits until a node's lease has expired. */
    lapsed(nodeId: string): Promise<void> {
      return until(
        harness,
        `the lease of ${nodeId} ends`,
        async () => (await subject.current.nodes.live()).every((node) => node.nodeId !== nodeId),
        SHORT + 2_000,
      );
    },
  };
}

export function byDevice(entries: readonly DevicePresence[]): DevicePresence[] {
  return entries.toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1));
}
