import type { ChatMessage, Client } from '@chasqui/client';
import { print } from './run.ts';

/** Prints received messages as they arrive: all, or those of one peer. */
export function printIncoming(client: Client, { ids, peer }: { ids: boolean; peer?: string }): void {
  client.on('message', ({ message }) => {
    if (peer === undefined || message.peer === peer) print(line(message, ids));
  });
  client.on('retract', ({ messageId }) => print(`  (withdrawn before it was queued: ${messageId})`));
  client.on('recall', ({ messageId, by }) => print(`  (${by} recalled a message: ${messageId})`));
  client.on('state', ({ state, reason }) => {
    // Closed without a close code: the command itself is done.
    if (state === 'online' || (state === 'closed' && reason?.closeCode === undefined)) return;
    process.stderr.write(`  (${state}${reason === undefined ? '' : `: ${reason.message}`})\n`);
  });
}

function line(message: ChatMessage, ids: boolean): string {
  const time = new Date(message.sentAt).toLocaleTimeString();
  const { text, data } = message.content;
  const body = message.recalledAt === undefined ? (text ?? JSON.stringify(data) ?? '(content lost)') : '(recalled)';
  return `${ids ? `${message.messageId} ` : ''}${time} ${message.from}: ${body}`;
}
