import { CLIENT_FRAMES } from './client-frames.ts';
import { SUBPROTOCOLS } from './codec.ts';
import { CLIENT_SUMMARIES, SERVER_SUMMARIES } from './frame-summaries.ts';
import { SERVER_FRAMES } from './server-frames.ts';

/** A JSON Schema (draft 2020-12) as a plain object. */
export type JsonSchema = { [keyword: string]: unknown };

export interface ProtocolMessage {
  name: string;
  summary: string;
  contentType: string;
  payload: JsonSchema;
}

type Reference = { $ref: string };

/**
 * The part of an AsyncAPI 3.0 document that is used here. Source:
 * https://www.asyncapi.com/docs/reference/specification/v3.0.0.
 */
export interface ProtocolDocument {
  asyncapi: '3.0.0';
  info: { title: string; version: string; description: string; license: { name: string } };
  defaultContentType: string;
  servers: { node: { host: string; pathname: string; protocol: string; description: string } };
  channels: { session: { address: string; description: string; messages: { [name: string]: Reference } } };
  operations: { [name: string]: { action: 'send' | 'receive'; channel: Reference; messages: Reference[] } };
  components: { messages: { [name: string]: ProtocolMessage } };
}

/**
 * The machine-readable client protocol. Messages are named by their direction and their frame's type (`client.chat`,
 * `server.chat`). The two operations are the server's, as AsyncAPI defines them: the server receives the client's
 * frames.
 */
export function protocolDocument(version = '1'): ProtocolDocument {
  const client = messagesOf('client', CLIENT_FRAMES, CLIENT_SUMMARIES);
  const server = messagesOf('server', SERVER_FRAMES, SERVER_SUMMARIES);
  const messages = { ...client, ...server };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Chasqui client protocol',
      version,
      description: 'One JSON object a WebSocket text frame, `type` first. docs/protocol.md explains it.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      node: {
        host: '127.0.0.1:4401',
        pathname: '/ws',
        protocol: 'ws',
        description: `Any Connect node. Subprotocols: ${SUBPROTOCOLS.join(', ')}; none means JSON.`,
      },
    },
    channels: {
      session: {
        address: '/ws',
        description: 'One authenticated connection of one device.',
        messages: references(messages, '#/components/messages'),
      },
    },
    operations: {
      fromClient: operation('receive', client),
      toClient: operation('send', server),
    },
    components: { messages },
  };
}

function messagesOf<T extends string>(
  direction: 'client' | 'server',
  frames: { [K in T]: object },
  summaries: { [K in T]: string },
): { [name: string]: ProtocolMessage } {
  return Object.fromEntries(
    (Object.keys(frames) as T[]).map((type) => [
      `${direction}.${type}`,
      { name: type, summary: summaries[type], contentType: 'application/json', payload: plain(frames[type]) },
    ]),
  );
}

function references(messages: object, at: string): { [name: string]: Reference } {
  return Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `${at}/${name}` }]));
}

function operation(action: 'send' | 'receive', messages: object): ProtocolDocument['operations'][string] {
  const channel = { $ref: '#/channels/session' };
  return { action, channel, messages: Object.values(references(messages, '#/channels/session/messages')) };
}

/** Removes the schema library's internal fields. */
function plain(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}
