import { ConversationAccess, MembershipNotices, NodeDirectory } from '@chasqui/core';
import { GroupChanges } from '../../../apps/api/src/groups/group-changes.ts';
import { LIMITS, processAt, type StartServer } from '../servers.ts';

/** The part of the HTTP API that changes groups: the newest process serves. */
export const startGroupApi: StartServer = (world, place, run) => {
  const { process, reach, bus, ports, runtime } = processAt(world, place, run);
  const directory = new NodeDirectory({ registry: ports.nodes, clock: process.clock });
  const peers = world.peers.linkFrom(place, process);
  world.groupChanges = {
    process,
    changes: new GroupChanges({
      ...runtime,
      bus,
      groups: ports.groups,
      attachments: { pictured: async () => null },
      erasures: { get: async (users) => users.map(() => null) },
      access: new ConversationAccess(ports.groups),
      notices: new MembershipNotices({ ...ports, directory, peers, clock: process.clock }),
      throttle: async () => {},
      limits: LIMITS,
    }),
  };
  return { process, reach, bus, drain: async () => {} };
};
