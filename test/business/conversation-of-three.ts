import type * as domain from '@chasqui/domain';

/** A conversation that is no direct one. What is sent there comes to the inboxes of all three. */
export const THREE = 'three';
const MEMBERS = ['ann', 'bob', 'cid'];

/** The domain as it is where a further kind of conversation exists: only who takes part in which is known there. */
export function knowingThree(original: typeof domain): typeof domain {
  return {
    ...original,
    participantsOf: (id) => (id === THREE ? MEMBERS : original.participantsOf(id)),
    belongs: (id, userId) => (id === THREE ? MEMBERS.includes(userId) : original.belongs(id, userId)),
  };
}

/** Of a message from one of them. */
export function toThree(from: string): Partial<domain.Message> {
  const audience = [from, ...MEMBERS.filter((userId) => userId !== from)];
  return { conversationId: THREE, audience, kind: 'test' as domain.MessageKind };
}
