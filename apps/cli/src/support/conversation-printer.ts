import type { ChatMessage, Client } from '@chasqui/client';
import type { AddresseeOptions } from './addressee.ts';
import { print } from './run.ts';

/** Whether a message is in the conversation with that user, or in that group. */
export function isIn({ peer, conversationId }: ChatMessage, { to, group }: AddresseeOptions): boolean {
  return group === undefined ? peer === to : conversationId === group;
}

interface Printing {
  ids: boolean;
  only?: AddresseeOptions;
  /** One object a line instead of text. */
  json?: boolean;
}

/** Prints received messages as they arrive: all, or those of one conversation. */
export function printIncoming(client: Client, { ids, json = false, only }: Printing): void {
  client.on('message', ({ message }) => {
    if (only === undefined || isIn(message, only)) print(json ? JSON.stringify(message) : line(message, ids));
  });
  client.on('retract', ({ messageId }) =>
    print(json ? JSON.stringify({ retracted: messageId }) : `  (withdrawn before it was queued: ${messageId})`),
  );
  client.on('recall', ({ messageId, by }) =>
    print(json ? JSON.stringify({ recalled: messageId, by }) : `  (${by} recalled a message: ${messageId})`),
  );
  client.on('state', ({ state, reason }) => {
    // Closed without a close code: the command itself is done.
    if (state === 'online' || (state === 'closed' && reason?.closeCode === undefined)) return;
    process.stderr.write(`  (${state}${reason === undefined ? '' : `: ${reason.message}`})\n`);
  });
}

function line(message: ChatMessage, ids: boolean): string {
  const time = new Date(message.sentAt).toLocaleTimeString();
  const { text, ...others } = message.content;
  const parts = [text, Object.keys(others).length === 0 ? undefined : JSON.stringify(others)];
  const content = parts.filter((part) => part !== undefined).join(' ') || '(content lost)';
  const body = message.recalledAt === undefined ? content : '(recalled)';
  return `${ids ? `${message.messageId} ` : ''}${time} ${message.from}: ${body}`;
}
