import { ImError, type UserId } from '@chasqui/domain';

/** Errors: `recipient_invalid` if it is the user's own id. */
export function another(userId: UserId, other: UserId): UserId {
  if (userId !== other) return other;
  throw new ImError('recipient_invalid', 'this is your own user id', { field: 'userId' });
}

/** The fault of an answer to nothing. */
export function noSuchRelation(): ImError {
  return new ImError('not_found', 'there is no such contact or request', { field: 'userId' });
}
