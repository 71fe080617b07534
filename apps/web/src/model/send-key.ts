interface Key {
  key: string;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** What Safari reports for the key that ends a composition, which it ends before the key. */
const COMPOSING = 229;

/** Enter sends; Shift+Enter is a new line; Enter that chooses from an input method's candidates is neither. */
export function isSendKey({ key, shiftKey, isComposing, keyCode }: Key): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== COMPOSING;
}
