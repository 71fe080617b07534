interface Key {
  key: string;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** Safari's key code for the key that ends a composition: its `compositionend` comes before the key event. */
const COMPOSING = 229;

/** Enter sends; Shift+Enter is a new line; Enter that selects an input method's candidate is neither. */
export function isSendKey({ key, shiftKey, isComposing, keyCode }: Key): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== COMPOSING;
}
