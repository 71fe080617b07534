/**
 * Marks that people leave out when they search: accents of Latin, Greek and Cyrillic letters, vowel signs of Arabic,
 * Hebrew and Syriac, enclosing marks, and the nukta of Devanagari. Not included: vowel signs of Indic and South-East
 * Asian scripts, which distinguish words; the voicing marks of kana; and the breve of й, which is a letter in its own
 * right, also where another mark has come between the two in Unicode's order.
 */
const MARKS =
  /[[[\p{sc=Zinh}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{Me}\u093c]&&\p{M}]--[\u0306\u3099\u309a]]|(?<!и\p{M}*)\u0306/gv;

/** Letters without a mark that Unicode can decompose, each followed by what people type instead. */
const LETTERS = [
  'ıi øo łl đd ðd ħh ŧt þth æae œoe',
  // Arabic: alef maksura and Farsi yeh, keheh, teh marbuta, heh goal, alef wasla; tatweel only stretches a word.
  '\u0649\u064a \u06cc\u064a \u06a9\u0643 \u0629\u0647 \u06c1\u0647 \u0671\u0627 \u0640',
  // Devanagari: both signs of a nasal vowel. Letters that look like apostrophes: Hawaiʻi.
  '\u0901\u0902 \u02bb \u02bc',
].flatMap((line) => line.split(' '));
/**
 * The zeros of scripts with their own digits: Arabic, Devanagari, Thai and others. The nine other digits follow each of
 * them in Unicode.
 */
const ZEROS =
  '\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0\u0f20\u1040\u1090\u17e0\u1810';
const DIGITS = [...ZEROS].flatMap((zero) =>
  Array.from({ length: 10 }, (_, digit) => `${String.fromCharCode(zero.charCodeAt(0) + digit)}${digit}`),
);
const INSTEAD = new Map([...LETTERS, ...DIGITS].map((entry) => [entry.charAt(0), entry.slice(1)]));
const REPLACED = new RegExp(`[${[...INSTEAD.keys()].join('')}]`, 'gu');

/**
 * A text without accents and vowel signs, as many people type it: `café` → `cafe`. The input is a result of
 * `nfkcCasefold`. Never throws. A code point becomes at most two.
 */
export function foldAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(REPLACED, (letter) => INSTEAD.get(letter) ?? letter)
    .normalize('NFC');
}
