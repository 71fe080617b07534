/** Maximum length of an emoji in UTF-16 units: more than any that Unicode recommends for interchange. */
export const MAX_EMOJI_LENGTH = 32;

const RGI_EMOJI = /^\p{RGI_Emoji}$/v;
/** Asks for the coloured picture of a character that is also a symbol of texts. */
const AS_EMOJI = '\ufe0f';

/**
 * The one form of an emoji, so that two keyboards mean the same: `❤` is `❤️`. Null: the text is not exactly one emoji.
 * Source: Unicode Technical Standard 51, "RGI emoji set", in the version that this program's Unicode tables have.
 */
export function emojiOf(text: string): string | null {
  if (text.length > MAX_EMOJI_LENGTH) return null;
  return [text, text + AS_EMOJI].find((form) => RGI_EMOJI.test(form)) ?? null;
}
