/** Maximum length of a field's name in an error, in characters: a client may choose a key as long as its frame. */
const MAX_FIELD_LENGTH = 128;

/** The path of a field as errors give it, for example `content.data.items.3`; empty: the value itself. */
export function fieldPath(keys: readonly (string | number)[]): string {
  const path = keys.join('.');
  return (path.length > MAX_FIELD_LENGTH ? `${path.slice(0, MAX_FIELD_LENGTH)}…` : path).toWellFormed();
}

/** The path of a value that nests too deep: where the nesting begins tells more than all its levels. */
export function nestPath(keys: readonly (string | number)[]): string {
  return fieldPath(keys.slice(0, 2));
}
