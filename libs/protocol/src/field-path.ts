/** Characters of a field's name in an error: a client may have chosen a key as long as its frame. */
const MAX_FIELD_LENGTH = 128;

/** The name of a place in a value as errors give it, for example `content.data.items.3`; empty: the value itself. */
export function fieldPath(keys: readonly (string | number)[]): string {
  const path = keys.join('.');
  return (path.length > MAX_FIELD_LENGTH ? `${path.slice(0, MAX_FIELD_LENGTH)}…` : path).toWellFormed();
}

/** The same of a value that nests too deep: where the nest begins says more than all of its levels. */
export function nestPath(keys: readonly (string | number)[]): string {
  return fieldPath(keys.slice(0, 2));
}
