import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';

export function nodes(app: ApiServer, { directory }: ApiContext): void {
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
            }),
            { description: 'Nodes that accept connections come first, the least loaded first.' },
          ),
          ...problems(400),
        },
      },
    },
    async () => {
      const live = await directory.all();
      const ordered = live.sort((a, b) => Number(a.draining) - Number(b.draining) || a.connections - b.connections);
      return ordered.map(({ nodeId, wsUrl, draining }) => ({ nodeId, wsUrl, draining }));
    },
  );
}
