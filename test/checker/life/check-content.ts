import type { ChatMessage } from '@chasqui/client';
import type { StoredMessage } from '@chasqui/domain';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { LifeEvidence } from './evidence.ts';

/**
 * C25: every device shows of each message what the store has, and nothing that its user has hidden; a recalled message
 * has no content, in the store or on a screen.
 */
export function checkContent({ messages, devices, hidden }: LifeEvidence): Violation[] {
  const faults: Violation[] = [];
  const kept = new Map(messages.map((message) => [message.messageId, message]));
  for (const message of messages) {
    if (message.recalledAt === undefined || JSON.stringify(message.content) === '{}') continue;
    faults.push(violation('C25', `${message.messageId} was recalled and has content`, nameOf(message)));
  }
  for (const { device, user, shown } of devices) {
    for (const message of shown) {
      const stored = kept.get(message.messageId);
      if (stored === undefined) continue;
      const name = nameOf(stored);
      if (hidden.has(`${user} ${message.messageId}`)) {
        faults.push(violation('C25', `${device} shows ${name}, which its user has hidden`, name));
      }
      const [here, there] = [told(message), told(stored)];
      if (here !== there)
        faults.push(violation('C25', `${device} shows ${name} as ${here}, the store has ${there}`, name));
    }
  }
  return faults;
}

function nameOf({ from, clientMessageId }: StoredMessage): string {
  return identityOf(from, clientMessageId);
}

/** What of a message must be the same everywhere. A client knows the revision of what was edited, and not recalled. */
function told(message: ChatMessage | StoredMessage): string {
  const { content, forwarded, editedAt, revision, recalledAt } = message;
  if (recalledAt !== undefined) return JSON.stringify({ content, recalledAt });
  return JSON.stringify({ content, forwarded, editedAt, revision: editedAt === undefined ? undefined : revision });
}
