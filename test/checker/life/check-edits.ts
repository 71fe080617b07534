import { groupBy } from '../history.ts';
import { type Violation, violation } from '../violation.ts';
import type { LifeEvidence } from './evidence.ts';

/**
 * C25: an edit that was answered as done is what the message said from then on, until another one: it, or a later one
 * of the same device, which takes the place of what waits, is among what the store took.
 */
export function checkEdits({ history, lives }: LifeEvidence): Violation[] {
  const edits = groupBy(history.of('edited'), ({ device, messageId }) => `${device} ${messageId}`);
  return history.of('edit_answered').flatMap(({ device, messageId, text, refusal }) => {
    if (refusal !== null) return [];
    const texts = (edits.get(`${device} ${messageId}`) ?? []).map((edit) => edit.text);
    const meant = texts.slice(texts.indexOf(text));
    const versions = lives.get(messageId)?.versions ?? [];
    if (versions.some((version) => version.text !== null && meant.includes(version.text))) return [];
    return [violation('C25', `${device} was told that ${messageId} says ${text}, and it never did`)];
  });
}

/** C25: what the API says is hidden is hidden in the store. */
export function checkHides({ history, hidden }: LifeEvidence): Violation[] {
  return history.of('hid').flatMap(({ user, messageId }) => {
    if (hidden.has(`${user} ${messageId}`)) return [];
    return [violation('C25', `${user} was told that ${messageId} is hidden, and it is not`)];
  });
}
