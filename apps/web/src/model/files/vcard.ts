import type { ContactCard } from '@chasqui/domain';

/** A contact as a vCard 4.0 (RFC 6350). `address`: where the page opens a conversation with the user. */
export function vcardOf({ userId, name = userId }: ContactCard, address: string): string {
  const lines = ['BEGIN:VCARD', 'VERSION:4.0', `FN:${escaped(name)}`, `NICKNAME:${escaped(userId)}`, `URL:${address}`];
  return `${[...lines, 'END:VCARD'].map(folded).join('\r\n')}\r\n`;
}

/** As section 3.4 has it: no value ends its line, so that no name adds a property. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\,;]/g, '\\$&')
    .replaceAll(/\r\n?|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '');
}

/** Lines have at most 75 octets, without their end (section 3.2); characters are not split. */
function folded(line: string): string {
  const parts = [''];
  let octets = 0;
  for (const character of line) {
    const { length } = new TextEncoder().encode(character);
    if (octets + length > 75) {
      parts.push('');
      octets = 1;
    }
    octets += length;
    parts.push(`${parts.pop()}${character}`);
  }
  return parts.join('\r\n ');
}
