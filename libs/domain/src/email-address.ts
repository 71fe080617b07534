/**
 * An e-mail address that all mail programs read alike: ASCII only, at most 254 characters (RFC 5321). The local part is
 * a `dot-atom` (RFC 5322) without the characters of old routes (`!`, `%`) and of shells. The domain is a DNS name (an
 * international one as `xn--…`); its last label is not a number, which would make it an IP address. Everything else is
 * refused: an address that a mail program strips, decodes or splits would name another mailbox.
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
 * The key of per-mailbox limits, for an address that `isEmailAddress` accepts. Many hosts deliver `Ann.Lee+x@…` and
 * `annlee@…` to one mailbox; where they are two mailboxes, they share a limit. Never send to the key.
 */
export function mailboxKey(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  const base = local.replace(/(?<=.)\+.*$/, '').replaceAll('.', '');
  return `${base}@${domain}`;
}
