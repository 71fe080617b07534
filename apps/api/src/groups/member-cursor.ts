import { ImError, ROLES, type Role } from '@chasqui/domain';
import type { NamePlace, WordPlace } from '@chasqui/ports';
import Type from 'typebox';

/** Base64url of a JSON array: the role, order and id of the page's last member, or the word and id of a search's. */
export const MemberCursorField = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,1000}$',
  'x-rule': 'be `nextCursor` of the page before',
  description: '`nextCursor` of the previous page, with the same `role` and `q`.',
});

export function nameCursor({ role, order, userId }: NamePlace): string {
  return encode([role, order, userId]);
}

export function wordCursor({ word, userId }: WordPlace): string {
  return encode([word, userId]);
}

/** Errors: `invalid_request`. */
export function namePlace(cursor: string): NamePlace {
  const [role, order, userId] = decode(cursor, 3);
  if (!ROLES.includes(role as Role)) throw invalid();
  return { role: role as Role, order: order ?? '', userId: userId ?? '' };
}

/** Errors: `invalid_request`. */
export function wordPlace(cursor: string): WordPlace {
  const [word, userId] = decode(cursor, 2);
  return { word: word ?? '', userId: userId ?? '' };
}

function encode(place: readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function decode(cursor: string, length: number): string[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPlace = Array.isArray(place) && place.length === length && place.every((one) => typeof one === 'string');
    if (isPlace) return place;
  } catch {
    // Not of this server.
  }
  throw invalid();
}

function invalid(): ImError {
  return new ImError('invalid_request', 'must be `nextCursor` of the page before', { field: 'cursor' });
}
