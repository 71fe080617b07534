import type { ChatMessage } from '@chasqui/client';
import { SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { Texts } from './en.ts';

export interface GoneReader {
  texts: Texts;
  me: UserId;
  /** Only in groups: elsewhere the reader knows who the other one is. */
  nameOf?: (userId: UserId) => string;
}

/** What stands for a message that was recalled by its sender, or removed by somebody else, for its reader. */
export function goneText(
  { from, recalledBy }: Pick<ChatMessage, 'from' | 'recalledBy'>,
  { texts, me, nameOf }: GoneReader,
): string {
  if (recalledBy === SYSTEM_USER) return texts.removed;
  if (recalledBy !== undefined && recalledBy !== from) {
    return recalledBy === me ? texts.removedByYou : texts.removedByAdmin;
  }
  if (from === me) return texts.recalledByYou;
  if (nameOf === undefined) return texts.recalled;
  return recalledBy === undefined ? texts.groups.recalled : texts.groups.recalledBy(nameOf(recalledBy));
}
