/** A cached result for each code point that casefolding changes: about 10,600 in Unicode 17, so the map is bounded. */
const folded = new Map<string, string>();
const CHANGED = /\p{Changes_When_NFKC_Casefolded}/gu;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const CHEROKEE = /\p{Script=Cherokee}/u;

/**
 * Full case folding of one code point, by JavaScript's case mappings, with the only exceptions that exist (a test
 * checks every code point): Cherokee folds to capitals, ẞ has no two-letter capital form, and ı is not the lower case
 * of I.
 */
function caseFold(character: string): string {
  if (CHEROKEE.test(character)) return character.toUpperCase();
  if (character === 'ẞ') return 'ss';
  return character === 'ı' ? character : character.toUpperCase().toLowerCase();
}

/**
 * As Unicode derives the mapping: case folding, NFKC and removal of ignorable code points, repeated until nothing
 * changes.
 */
function foldOne(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  for (let text = character; ; ) {
    const next = Array.from(text, caseFold).join('').normalize('NFKC').replace(IGNORABLE, '');
    if (next === text) {
      folded.set(character, text);
      return text;
    }
    text = next;
  }
}

/**
 * Unicode's toNFKC_Casefold: compatibility forms, case and invisible code points (soft hyphens, variation selectors,
 * joiners) make no difference. Each code point is mapped by itself, then the text is composed. Never throws.
 * Source: The Unicode Standard, section 3.13, R5.
 */
export function nfkcCasefold(text: string): string {
  return text.replace(CHANGED, foldOne).normalize('NFC');
}
