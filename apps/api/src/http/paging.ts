import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';

export const PageLimitField = Type.Integer({
  minimum: 1,
  maximum: 100,
  description: 'Entries per page; 50 by default.',
});

/** Asks for a page of what is listed by user ids. */
export const UserPageQuery = Type.Object(
  {
    after: Type.Optional({ ...UserIdField, description: '`nextAfter` of the previous page.' }),
    limit: Type.Optional(PageLimitField),
  },
  { additionalProperties: false },
);

/** Makes a page of up to one entry more than its limit; `last` is the page's last entry if more follow. */
export function pageOf<T>(found: readonly T[], limit: number): { items: T[]; last: T | undefined } {
  const items = found.slice(0, limit);
  return { items, last: found.length > limit ? items.at(-1) : undefined };
}

/** A place in a list of conversations: the time of the page's last one, and its id. */
export interface TimePlace {
  updatedAt: number;
  conversationId: string;
}

/** `idPattern`: of the conversations in the list. */
export function timeCursorField(idPattern: string) {
  return Type.String({
    pattern: `^[0-9]{1,15}\\.${idPattern.slice(1)}`,
    'x-rule': 'be `nextCursor` of the page before',
    description: '`nextCursor` of the previous page.',
  });
}

export function timeCursor(cursor: string | undefined): TimePlace | undefined {
  if (cursor === undefined) return undefined;
  const dot = cursor.indexOf('.');
  return { updatedAt: Number(cursor.slice(0, dot)), conversationId: cursor.slice(dot + 1) };
}

export function timeCursorText(last: TimePlace | undefined): string | undefined {
  return last && `${last.updatedAt}.${last.conversationId}`;
}
