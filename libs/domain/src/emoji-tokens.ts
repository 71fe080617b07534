/** What a picture is: none that folds to letters or punctuation (™ is the word `tm`, ‼ is `!!`). */
const PICTURE = String.raw`[\p{Extended_Pictographic}--\p{Changes_When_NFKC_Casefolded}]`;
/** With the skin tones and variation selectors that may follow it, and the tags that make a black flag that of a region. */
const PART = String.raw`${PICTURE}[\p{Emoji_Modifier}\ufe0e\ufe0f]*[\u{e0020}-\u{e007f}]*`;
/** Flags; the keycaps of # and * (those of digits are words); pictures, joined or alone. */
const EMOJI = new RegExp(String.raw`\p{RI}{2}|[#*]\ufe0f?\u20e3|${PART}(?:\u200d${PART})*`, 'gv');
const FOLDED_AWAY = /\p{Emoji_Modifier}|\ufe0e|\ufe0f/gu;
const JOINER = '\u200d';
/** Engines part tokens at ASCII signs. */
const KEYS: { readonly [key: string]: string } = { '#': '\uff03', '*': '\uff0a' };

/**
 * The emoji of a text, each once: skin tones and variation selectors make no difference. Those that are joined, such as
 * a family, are there as a whole, without the joiners, and by their parts if `parts` is set. Bound: two tokens for each
 * code point. Never throws.
 */
export function emojiTokens(text: string, { parts: byParts }: { parts: boolean }): string[] {
  const tokens = new Set<string>();
  for (const [emoji] of text.matchAll(EMOJI)) {
    const parts = emoji.replace(FOLDED_AWAY, '').split(JOINER);
    tokens.add(parts.join('').replace(/^[#*]/, (key) => KEYS[key] ?? key));
    if (byParts) for (const part of parts) if (parts.length > 1) tokens.add(part);
  }
  return [...tokens];
}
