import type { Identity } from './records.ts';

/** What a history can break: contracts of the design (section 5), and promises of other pages. */
export type Contract =
  | 'C1'
  | 'C2'
  | 'C3'
  | 'C4'
  | 'C5'
  | 'C6'
  | 'C7'
  | 'C8'
  | 'C9'
  | 'C10'
  | 'C12'
  | 'C18'
  | 'C19'
  | 'C20'
  | 'C21'
  | 'C22'
  | 'C24'
  | 'C25'
  /** docs/webhooks.md, "Order, repeats, failures". */
  | 'webhooks';

/** A broken contract, and the messages that show it. */
export interface Violation {
  contract: Contract;
  text: string;
  identities: Identity[];
}

export function violation(contract: Contract, text: string, ...identities: Identity[]): Violation {
  return { contract, text, identities };
}
