import type { ConnectNode } from '@chasqui/app-connect/core';
import { defined } from '@chasqui/domain';
import type { PeerLink, SendLink } from '@chasqui/ports';
import { type ApiParts, createTestApi, type TestApi } from '../api/fixture.ts';
import { memoryNode, type NodeParts } from './memory-node.ts';

export interface ApiAndNodes extends AsyncDisposable {
  api: TestApi;
  nodes: ConnectNode[];
  /** While true, no process can reach another process's node. */
  cut: { peers: boolean };
}

/** The API and two Connect nodes without sockets, on the same in-memory engines. */
export async function apiAndNodes(
  settings: ApiParts['settings'] = {},
  replaced: (deps: ApiParts) => Partial<NodeParts> = () => ({}),
): Promise<ApiAndNodes> {
  const nodes: ConnectNode[] = [];
  const cut = { peers: false };
  const peers: PeerLink = {
    deliver: async ({ nodeId }, deliveries) => {
      const node = nodes.find((one) => one.describe().nodeId === nodeId);
      if (node === undefined || cut.peers) throw new Error('cut off');
      return node.deliver(deliveries);
    },
    async [Symbol.asyncDispose]() {},
  };
  const sends: SendLink = {
    send: async ({ nodeId }, messages) => {
      const node = nodes.find((one) => one.describe().nodeId === nodeId);
      if (node === undefined || cut.peers) throw new Error('cut off');
      return node.send(messages);
    },
    async [Symbol.asyncDispose]() {},
  };
  const api = await createTestApi({ peers, sends }, settings);
  const { deps } = api;
  for (const nodeId of ['n1', 'n2']) {
    const {
      clock,
      bus,
      conversations,
      conversationStates,
      logs,
      messages,
      offlineCache,
      presence,
      nodes: registry,
    } = deps;
    const { profiles, contacts, blocks, revocations, devices, verifier } = deps;
    const node = memoryNode({
      nodeId,
      clock,
      bus,
      conversations,
      conversationStates,
      logs,
      messages,
      ...defined({ offlineCache }),
      presence,
      nodes: registry,
      peers,
      profiles,
      contacts,
      blocks,
      revocations,
      devices,
      verifier,
      ...replaced(deps),
    });
    nodes.push(node);
    await node.start();
  }
  return {
    api,
    nodes,
    cut,
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}
