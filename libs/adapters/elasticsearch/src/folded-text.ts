import { CJK_RUNS, MAX_TOKEN_LENGTH } from '@chasqui/domain';

const ascii = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
const onlyAscii = /^[\x00-\x7f]*$/;

/**
 * A text's runs of letters and digits with one space between: folded, parted and cut as the domain's search tokens are,
 * so that the engine's analyzer has only the pairs left to make. Empty when there is nothing to search by.
 */
export function foldedText(text: string): string {
  if (onlyAscii.test(text)) return (text.toLowerCase().match(ascii) ?? []).map(cut).join(' ');
  const runs = text.normalize('NFKC').toLowerCase().matchAll(CJK_RUNS);
  return Array.from(runs, ([run, cjk]) => (cjk === undefined ? cut(run) : run)).join(' ');
}

function cut(word: string): string {
  return word.length <= MAX_TOKEN_LENGTH ? word : word.slice(0, MAX_TOKEN_LENGTH).toWellFormed();
}
