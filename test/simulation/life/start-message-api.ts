import { ConversationAccess, DeliveryRouter, NodeDirectory } from '@chasqui/core';
import { hideMessages } from '../../../apps/api/src/people/hide-messages.ts';
import { processAt, type StartServer } from '../servers.ts';

/** The part of the HTTP API that hides messages: the newest process serves. */
export const startMessageApi: StartServer = (world, place, run) => {
  const { process, reach, bus, ports, runtime } = processAt(world, place, run);
  const { clock } = process;
  const directory = new NodeDirectory({ registry: ports.nodes, clock });
  const peers = world.peers.linkFrom(place, process);
  const access = new ConversationAccess(ports.groups);
  const router = new DeliveryRouter({ ...ports, directory, peers, logger: runtime.logger });
  const context = { ...ports, access, clock, router };
  world.messageApi = {
    process,
    async hide(key, messageIds) {
      await access.mustHaveBelonged(key.conversationId, key.userId);
      await hideMessages(context, key, messageIds);
    },
  };
  return { process, reach, bus, drain: async () => {} };
};
