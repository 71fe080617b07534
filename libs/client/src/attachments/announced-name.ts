/** What names of files may not have on the server: slashes, controls, line ends, what is not seen, half of a pair. */
const NOT_IN_NAMES = /[/\\\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
/** Code units. */
const MAX_LENGTH = 200;

/** A name as the server takes it; `file` if nothing is left of it. */
export function announcedName(name: string): string {
  const taken = name.slice(0, MAX_LENGTH).replace(NOT_IN_NAMES, '_');
  return /^[\s.]*$/.test(taken) ? 'file' : taken;
}
