/** A pictograph, except those that fold to letters or punctuation (™ is the word `tm`, ‼ is `!!`). */
const PICTURE = String.raw`[\p{Extended_Pictographic}--\p{Changes_When_NFKC_Casefolded}]`;
/**
 * A pictograph with the skin tones and variation selectors that may follow it, and the tags that turn a black flag into
 * a regional one.
 */
const PART = String.raw`${PICTURE}[\p{Emoji_Modifier}\ufe0e\ufe0f]*[\u{e0020}-\u{e007f}]*`;
/** Flags; the keycaps of # and * (digit keycaps are words); pictographs, joined or single. */
const EMOJI = new RegExp(String.raw`\p{RI}{2}|[#*]\ufe0f?\u20e3|${PART}(?:\u200d${PART})*`, 'gv');
const FOLDED_AWAY = /\p{Emoji_Modifier}|\ufe0e|\ufe0f/gu;
const JOINER = '\u200d';
/** Search engines split tokens at ASCII symbols. */
const KEYS: { readonly [key: string]: string } = { '#': '\uff03', '*': '\uff0a' };

/**
 * The distinct emoji of a text: skin tones and variation selectors make no difference. A joined emoji, such as a
 * family, is one token without its joiners; with `parts`, each of its parts is a token too. Bound: two tokens per code
 * point. Never throws.
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
