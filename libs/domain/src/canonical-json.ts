/** An array or object that is being written. `keys` is null for an array. */
interface Open {
  values: readonly unknown[];
  keys: readonly string[] | null;
  at: number;
}

/**
 * The canonical text of a JSON value (RFC 8785): no white space, keys in code-unit order, numbers and strings as
 * `JSON.stringify` writes them. Iterative, so that it cannot overflow the stack: earlier releases accepted values of
 * any depth.
 */
export function canonicalJson(value: unknown): string {
  let text = '';
  const open: Open[] = [];
  const write = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) text += JSON.stringify(one) ?? 'null';
    else if (Array.isArray(one)) {
      text += '[';
      open.push({ values: one, keys: null, at: 0 });
    } else {
      const members = one as { readonly [key: string]: unknown };
      const keys = Object.keys(members)
        .filter((key) => members[key] !== undefined)
        .sort();
      text += '{';
      open.push({ values: keys.map((key) => members[key]), keys, at: 0 });
    }
  };
  write(value);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { values, keys, at } = top;
    if (at === values.length) {
      text += keys === null ? ']' : '}';
      open.pop();
      continue;
    }
    top.at++;
    if (at > 0) text += ',';
    if (keys !== null) text += `${JSON.stringify(keys[at])}:`;
    write(values[at]);
  }
  return text;
}
