/** Any text without NUL, which not every store can hold. */
export const NO_NUL = { pattern: '^[^\\u0000]*$', 'x-rule': 'not have the character U+0000' };
