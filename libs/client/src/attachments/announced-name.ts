/** Slashes, line ends, and what is not seen (controls, marks of direction, half of a pair), but no joiners and tags, which emojis have. */
const NOT_IN_NAMES = /(?!\xad|\u200c|\u200d|[\u{e0020}-\u{e007f}])[/\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name as the server takes it; `file` if nothing is left of it. */
export function announcedName(name: string): string {
  const taken = name.slice(0, 200).replace(NOT_IN_NAMES, '_');
  return /^[\s.]*$/.test(taken) ? 'file' : taken;
}
