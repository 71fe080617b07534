/**
 * An e-mail address that mail programs all read alike: ASCII alone, the local part dot-separated (RFC 5322, `dot-atom`) without
 * the signs of old routes (`!`, `%`) and of shells, the domain as DNS has it (an international one as `xn--…`), 254 characters
 * at most (RFC 5321), its last label no number, which would make it an IP address. Whatever is stranger is refused: what a mail program would strip, decode or split makes another mailbox.
 */
const LOCAL = "[A-Za-z0-9_'+=&~#*?^{}/-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const emailAddress = new RegExp(
  `^(?=.{1,254}$)(?=[^@]{1,64}@)${LOCAL}(?:\\.${LOCAL})*@(?:${LABEL}\\.)+(?=[A-Za-z])${LABEL}$`,
);

export function isEmailAddress(text: string): boolean {
  return emailAddress.test(text);
}

/**
 * What limits for a mailbox go by, of an address that `isEmailAddress` takes. Many hosts deliver `Ann.Lee+x@…` and `annlee@…` to
 * one mailbox; where they are two, the two share a limit. Never a place to send to.
 */
export function mailboxKey(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  const base = local.replace(/(?<=.)\+.*$/, '').replaceAll('.', '');
  return `${base}@${domain}`;
}
