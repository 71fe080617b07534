import { ImError } from '@chasqui/domain';
import type { Command } from 'commander';

/** Where messages go. */
export interface AddresseeOptions {
  to?: string;
  group?: string;
}

export type Addressee = { to: string } | { conversationId: string };

export function addAddressee(command: Command): Command {
  return command.option('--to <userId>', 'the other user').option('--group <groupId>', 'a group, instead of a user');
}

/** Errors: `invalid_request` unless one of the two is given. */
export function addresseeOf({ to, group }: AddresseeOptions): Addressee {
  if (to !== undefined && group === undefined) return { to };
  if (group !== undefined && to === undefined) return { conversationId: group };
  throw new ImError('invalid_request', 'use --to <userId> or --group <groupId>');
}
