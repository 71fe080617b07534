import type { NodeInfo } from '@chasqui/domain';
import { isWildcard } from '@chasqui/kit';
import { WEBSOCKET_PATH } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { type PublicAddress, publicAddress } from '../http/public-address.ts';
import { problems } from '../http/schemas.ts';

export function nodes(app: ApiServer, { directory, webSockets, settings }: ApiContext): void {
  app.get(
    '/api/nodes',
    {
      schema: {
        operationId: 'listNodes',
        tags: ['server'],
        summary: 'The live Connect nodes, the least loaded first',
        response: {
          200: Type.Array(
            Type.Object({
              nodeId: Type.String(),
              wsUrl: Type.String({ description: 'The WebSocket address.' }),
              draining: Type.Boolean({ description: 'It accepts no new connections.' }),
              relativeUrl: Type.Optional(
                Type.String({
                  description:
                    'The same address, relative to the URL of this answer: right behind any proxy, also one that the server does not know. Present if the node takes WebSockets on the port of the API.',
                }),
              ),
              directUrl: Type.Optional(
                Type.String({
                  description:
                    'A port of the node alone, which costs the server less; firewalls and proxies may hide it.',
                }),
              ),
            }),
            { description: 'Nodes that accept connections come first, the least loaded first.' },
          ),
          ...problems(400),
        },
      },
    },
    async ({ raw }) => {
      const live = await directory.all();
      const ordered = live.sort((a, b) => Number(a.draining) - Number(b.draining) || a.connections - b.connections);
      const here = publicAddress(raw, settings.proxies);
      return ordered.map((node) => ({
        nodeId: node.nodeId,
        draining: node.draining,
        ...(webSockets?.has(node.nodeId) ? sharedAddress(node, here) : { wsUrl: ownAddress(node, here) }),
      }));
    },
  );
}

/** The port of the API, where `?node=` chooses the node. */
function sharedAddress(node: NodeInfo, here: PublicAddress) {
  const path = `${WEBSOCKET_PATH}?node=${encodeURIComponent(node.nodeId)}`;
  return {
    wsUrl: `${here.secure ? 'wss' : 'ws'}://${here.host}${here.prefix}${path}`,
    relativeUrl: `..${path}`,
    directUrl: ownAddress(node, here),
  };
}

/** What the node announced; a wildcard stands for the host that the client called. */
function ownAddress({ wsUrl }: NodeInfo, { host }: PublicAddress): string {
  const url = URL.parse(wsUrl);
  if (url === null || !isWildcard(url.hostname.replace(/^\[|\]$/g, ''))) return wsUrl;
  url.hostname = new URL(`http://${host}`).hostname;
  return url.href;
}
