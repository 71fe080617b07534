import { type Clock, type ConversationId, ImError, type NodeInfo, type UserId } from '@chasqui/domain';
import { sleep, withDeadline } from '@chasqui/kit';
import { type Delivery, type GroupNodes, NO_SESSION, type PeerLink, type Presence } from '@chasqui/ports';
import type { NodeDirectory } from './node-directory.ts';

export interface MembershipNoticesOptions {
  groupNodes: Pick<GroupNodes, 'nodesOf'>;
  presence: Pick<Presence, 'lookup'>;
  directory: Pick<NodeDirectory, 'all' | 'find' | 'isRead'>;
  peers: Pick<PeerLink, 'deliver'>;
  clock: Clock;
}

/** Pause before nodes are told again that did not answer, in ms. */
const RETRY_MS = 200;

/**
 * Tells the Connect nodes that the members of a group changed: those that subscribed to the group, and those with
 * sessions of the users concerned. Once told, a node sends nothing more of the group to those who are no longer members.
 */
export class MembershipNotices {
  readonly #options: MembershipNoticesOptions;

  constructor(options: MembershipNoticesOptions) {
    this.#options = options;
  }

  /**
   * Called after the store has the change. Resolves once every live node has answered (C20); asks again until then.
   * Errors: `deadline_exceeded`, after `deadlineMs`.
   */
  async tell(group: ConversationId, users: readonly UserId[], deadlineMs: number): Promise<void> {
    const { clock } = this.#options;
    const until = clock.monotonic() + deadlineMs;
    for (;;) {
      const nodes = await this.#nodes(group, users);
      const told = await withDeadline(
        clock,
        Math.max(0, until - clock.monotonic()),
        nodes === null ? Promise.resolve(false) : this.#deliver(nodes, group, users),
      );
      if (told) return;
      if (clock.monotonic() + RETRY_MS >= until) {
        throw new ImError('deadline_exceeded', 'a node could not be told of the change of the group yet: ask again');
      }
      await sleep(clock, RETRY_MS);
    }
  }

  /** Null: not known for now. */
  async #nodes(group: ConversationId, users: readonly UserId[]): Promise<readonly NodeInfo[] | null> {
    const { groupNodes, presence, directory } = this.#options;
    try {
      const [[subscribed = []], devices] = await Promise.all([groupNodes.nodesOf([group]), presence.lookup(users)]);
      const ids = new Set([...subscribed, ...devices.flat().map(({ nodeId }) => nodeId)]);
      const found = await Promise.all([...ids].map((nodeId) => directory.find(nodeId)));
      // Those not found have died, and their sessions with them.
      return found.filter((node) => node !== undefined);
    } catch {
      const all = await directory.all();
      return directory.isRead ? all : null;
    }
  }

  /** False: not every node answered. */
  async #deliver(nodes: readonly NodeInfo[], group: ConversationId, users: readonly UserId[]): Promise<boolean> {
    const notice: Delivery = {
      userId: users[0] ?? '',
      frame: '',
      onlySession: NO_SESSION,
      group,
      membersChanged: users,
    };
    const told = await Promise.allSettled(nodes.map((node) => this.#options.peers.deliver(node, [notice])));
    return told.every(({ status }) => status === 'fulfilled');
  }
}
