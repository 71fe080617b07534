import { Readable } from 'node:stream';
import { defined, ImError } from '@chasqui/domain';
import { ConversationIdField, MessageIdField, UserIdField } from '@chasqui/protocol';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { exportConversation } from '../../exports/export-conversation.ts';
import { exportUser } from '../../exports/export-user.ts';
import { mustStillHold } from '../../http/api-keys.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import type { ImportLine } from '../../imports/import-lines.ts';

const TYPE = 'application/x-ndjson';
const LINES = {
  description: 'Lines, as an import takes them.',
  content: { [TYPE]: { schema: Type.Unsafe<unknown>({ type: 'string' }) } },
};
const AfterField = {
  ...MessageIdField,
  description: 'Only messages behind this one: the last of an export that broke off.',
};
/** Exports of one process that run side by side. More: `overloaded`. */
const MAX_EXPORTS = 4;
/** An export that takes longer breaks off, and goes on behind its last message. */
const EXPORT_MS = 3600 * 1000;
const closed = { additionalProperties: false };

export function exports(app: ApiServer, context: ApiContext): void {
  let running = 0;
  const exported = async (
    request: FastifyRequest,
    detail: string,
    lines: () => Promise<AsyncIterable<ImportLine[]>>,
  ) => {
    if (running >= MAX_EXPORTS) {
      throw new ImError('overloaded', 'other exports are running here', { retryAfterMs: 1_000 });
    }
    running++;
    const mayGoOn = () => mustStillHold(context, request);
    const act = { actor: `key:${request.apiKey.keyId}`, action: 'export_data', target: '', detail } as const;
    try {
      // Closed also when the caller goes away before the end.
      return Readable.from(textOf(await context.auditTrail.record(act, lines), mayGoOn)).once('close', () => running--);
    } catch (error) {
      running--;
      throw error;
    }
  };
  app.get(
    '/api/server/conversations/:conversationId/export',
    {
      handlerTimeout: EXPORT_MS,
      config: { scope: 'exports:read' },
      schema: {
        operationId: 'serverExportConversation',
        tags: ['server-api'],
        summary: 'A conversation as lines that an import takes',
        description: 'Streamed, the oldest message first. Recalled messages are left out.',
        security: API_KEY,
        params: Type.Object({ conversationId: ConversationIdField }),
        querystring: Type.Object({ after: Type.Optional(AfterField) }, closed),
        response: { 200: LINES, ...problems(...SERVER_PROBLEMS, 404) },
      },
    },
    async (request, reply) => {
      const { conversationId } = request.params;
      const { after } = request.query;
      const lines = await exported(request, conversationId, () => exportConversation(context, conversationId, after));
      return reply.type(TYPE).send(lines);
    },
  );
  app.get(
    '/api/server/users/:userId/export',
    {
      handlerTimeout: EXPORT_MS,
      config: { scope: 'exports:read' },
      schema: {
        operationId: 'serverExportUser',
        tags: ['server-api'],
        summary: "A user's data as lines that an import takes",
        description:
          'Streamed: the profile, the direct conversations, what they wrote in groups, by the ids of the conversations, and what they reacted with there.',
        security: API_KEY,
        params: Type.Object({ userId: UserIdField }),
        querystring: Type.Object(
          {
            conversationId: Type.Optional({ ...ConversationIdField, description: 'The conversation to go on with.' }),
            after: Type.Optional(AfterField),
          },
          closed,
        ),
        response: { 200: LINES, ...problems(...SERVER_PROBLEMS, 404) },
      },
    },
    async (request, reply) => {
      const { userId } = request.params;
      const lines = await exported(request, userId, () => exportUser(context, userId, defined(request.query)));
      return reply.type(TYPE).send(lines);
    },
  );
}

/** `mayGoOn`: asked before each page behind the first. Errors: its own. */
async function* textOf(
  pages: AsyncIterable<readonly ImportLine[]>,
  mayGoOn: () => Promise<void>,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const page of pages) {
    if (!isFirst) await mayGoOn();
    isFirst = false;
    if (page.length > 0) yield page.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}
