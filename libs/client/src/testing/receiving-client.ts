import type { ServerFrameOf } from '@chasqui/protocol';
import { createClient } from '../index.ts';
import { id, ScriptedServer } from './scripted-server.ts';

/** The `n`-th message of bob’s is stored. */
export function stored(n: number, position: number, replaces?: string): ServerFrameOf<'stored'> {
  const frame = { type: 'stored', messageId: id(n), conversationId: 'amy~bob', position } as const;
  return replaces === undefined ? frame : { ...frame, replaces };
}

/** Amy’s client, logged in, and the events of its messages in short. */
export function online(more: Parameters<ScriptedServer['options']>[0] = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  const events: string[] = [];
  client.on('message', ({ message, index, provisional }) => {
    events.push(`message ${message.clientMessageId} at ${index}${provisional ? '?' : ''}`);
  });
  client.on('update', ({ message, index, previousIndex }) => {
    events.push(`update ${message.clientMessageId} ${previousIndex}>${index}`);
  });
  client.on('retract', ({ messageId }) => events.push(`retract ${messageId.slice(-1)}`));
  client.on('error', (error) => events.push(`error ${error.code}`));
  client.connect().catch(() => undefined);
  server.login();
  return { server, client, events };
}
