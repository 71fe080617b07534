import { LinkifyIt } from 'linkify-it';

export interface LinkPiece {
  text: string;
  /** Where the piece leads: an address of `http:`, `https:` or `mailto:`. Absent: it is plain text. */
  href?: string;
}

const links = new LinkifyIt().add('ftp:', null).add('//', null);

/**
 * The text in pieces, those of which that are addresses have an `href`. An address is shown as it was written, and it
 * leads where it says: nothing else becomes a link, so that no text can run code or hide its target.
 */
export function linkPieces(text: string): LinkPiece[] {
  const pieces: LinkPiece[] = [];
  let plain = 0;
  for (const { index, lastIndex, url } of links.match(text) ?? []) {
    const href = safeAddress(url);
    if (href === undefined) continue;
    if (index > plain) pieces.push({ text: text.slice(plain, index) });
    pieces.push({ text: text.slice(index, lastIndex), href });
    plain = lastIndex;
  }
  if (plain < text.length || pieces.length === 0) pieces.push({ text: text.slice(plain) });
  return pieces;
}

/** An address with a user name is none: `https://bank.example@evil.example` reads as another host's. */
function safeAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}
