import { type EmbeddedEngines, openArchive, verifyBackups } from '../index.ts';
import { direct, toPut, toRecord } from './direct-messages.ts';

const message = (n: number) =>
  direct({ messageId: `0190${String(n).padStart(20, '0')}`, clientMessageId: `key-${n}`, text: `hello ${n}` });

/** Stores messages `from` to `to` of Ann to Bob. */
export async function store({ conversations, messages }: EmbeddedEngines, from: number, to: number): Promise<void> {
  const some = Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
  await conversations.record(some.map(toRecord));
  await messages.put(some.map((one) => toPut(one, [])));
}

/** What is damaged in a folder of backups. */
export async function faultsOf(folder: string): Promise<string[]> {
  await using archive = await openArchive(folder);
  const { backups, damagedPacks } = await verifyBackups(archive, folder);
  return [...damagedPacks, ...backups.flatMap(({ faults }) => faults)];
}
