import { groupBy } from '../history.ts';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { LifeEvidence } from './evidence.ts';

/** C25: by each text that somebody wrote, a user finds the messages that say it now, that they may see and have not hidden. */
export async function checkFinding(evidence: LifeEvidence): Promise<Violation[]> {
  const { messages, hidden, devices, maySee, find } = evidence;
  const faults: Violation[] = [];
  const saying = groupBy(messages, ({ content: { text = '' } }) => text);
  const kept = new Map(messages.map((message) => [message.messageId, message]));
  for (const text of changedTexts(evidence)) {
    for (const user of new Set(devices.map((device) => device.user))) {
      const found = new Set(await find(user, text.split(' ').at(-1) ?? ''));
      for (const messageId of found) {
        const message = kept.get(messageId);
        // The beginnings of words are found too.
        const saysSo = message?.content.text?.startsWith(text) === true;
        const fault = saysSo ? (hidden.has(`${user} ${messageId}`) ? 'is hidden' : null) : 'does not say so';
        if (fault === null || message === undefined) continue;
        const name = identityOf(message.from, message.clientMessageId);
        faults.push(violation('C25', `${user} finds ${name} by ${text}, which ${fault}`, name));
      }
      for (const message of saying.get(text) ?? []) {
        const { messageId, from, clientMessageId } = message;
        if (found.has(messageId) || hidden.has(`${user} ${messageId}`) || !maySee(user, message)) continue;
        const name = identityOf(from, clientMessageId);
        faults.push(violation('C25', `${user} does not find ${name} by ${text}, what it says`, name));
      }
    }
  }
  return faults;
}

/** What messages say or said that were edited, forwarded, recalled or hidden; other checks have searched for the rest. */
function changedTexts({ history, lives, hidden }: LifeEvidence): Set<string> {
  const forwarded = history.of('submitted').flatMap(({ forwardOf }) => forwardOf?.messageId ?? []);
  const ids = [...forwarded, ...[...hidden.keys()].map((key) => key.slice(key.indexOf(' ') + 1))];
  const changed = [...lives].filter(([messageId, { versions }]) => versions.length > 1 || ids.includes(messageId));
  return new Set(changed.flatMap(([, { versions }]) => versions.flatMap(({ text }) => text ?? [])));
}
