import Type from 'typebox';

export const PageLimitField = Type.Integer({
  minimum: 1,
  maximum: 100,
  description: 'Entries per page; 50 by default.',
});

/** Makes a page of up to one entry more than its limit; `last` is the page's last entry if more follow. */
export function pageOf<T>(found: readonly T[], limit: number): { items: T[]; last: T | undefined } {
  const items = found.slice(0, limit);
  return { items, last: found.length > limit ? items.at(-1) : undefined };
}
