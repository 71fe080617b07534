import type * as domain from '@chasqui/domain';

/** A conversation that is not direct. Messages sent there are appended to the inboxes of all three members. */
export const THREE = 'ann~bob~cid';
const MEMBERS = ['ann', 'bob', 'cid'];

/** The domain with a further kind of conversation: only its membership is known there. */
export function knowingThree(original: typeof domain): typeof domain {
  return {
    ...original,
    participantsOf: (id) => (id === THREE ? MEMBERS : original.participantsOf(id)),
    belongs: (id, userId) => (id === THREE ? MEMBERS.includes(userId) : original.belongs(id, userId)),
  };
}

/** A message from one of the three. */
export function toThree(from: string): Partial<domain.Message> {
  const audience = [from, ...MEMBERS.filter((userId) => userId !== from)];
  return { conversationId: THREE, audience, kind: 'test' as domain.MessageKind };
}
