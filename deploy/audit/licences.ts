/**
 * Licences that demand no more of redistributors than Apache-2.0, or only for their own files, like MPL-2.0, or for a
 * library of its own that can be replaced, like the LGPL of libvips.
 */
const PERMITTED = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'ISC',
    'MIT',
    'MIT-0',
    'MPL-2.0',
    'LGPL-3.0-or-later',
  ],
  ...['CC0-1.0', 'Python-2.0', 'Unlicense', 'Zlib'],
]);

/** For SPDX expressions without exceptions: `A OR (B AND C)`. */
export function isPermitted(expression: string): boolean {
  const tokens = expression.replaceAll(/[()]/g, ' $& ').trim().split(/\s+/);
  let at = 0;
  const term = (): boolean => {
    const token = tokens[at++] ?? '';
    if (token !== '(') return PERMITTED.has(token);
    const inner = either();
    return tokens[at++] === ')' && inner;
  };
  const both = (): boolean => {
    let permitted = term();
    while (tokens[at] === 'AND') {
      at++;
      permitted = term() && permitted;
    }
    return permitted;
  };
  const either = (): boolean => {
    let permitted = both();
    while (tokens[at] === 'OR') {
      at++;
      permitted = both() || permitted;
    }
    return permitted;
  };
  const permitted = either();
  return permitted && at === tokens.length;
}
