import type {
  ConversationId,
  GroupChange,
  LogUpdate,
  Message,
  MessageId,
  MessageToRecord,
  UserId,
} from '@chasqui/domain';
import type { AppliedChange, RecordOutcome } from '@chasqui/ports';

/** The acks that a killed writer received. */
export type Acked =
  | { type: 'recorded'; messages: Message[]; outcomes: RecordOutcome[] }
  /** In a group. A message of a stranger is refused. */
  | { type: 'posted'; messages: MessageToRecord[]; outcomes: RecordOutcome[] }
  | { type: 'changed'; change: GroupChange; applied: AppliedChange }
  | { type: 'marked'; userId: UserId; conversationId: ConversationId; upTo: MessageId }
  | { type: 'put'; messages: Message[] }
  | { type: 'raised'; messages: Message[] }
  | { type: 'indexed'; messages: Message[] }
  | { type: 'appended'; userId: string; position: number; update: LogUpdate }
  | { type: 'published'; shard: number; body: string };

export function only<T extends Acked['type']>(acked: readonly Acked[], type: T): Extract<Acked, { type: T }>[] {
  return acked.filter((one) => one.type === type) as Extract<Acked, { type: T }>[];
}

/** The complete lines of a killed process's output; the last one may be torn. */
export function ackedIn(output: string): Acked[] {
  const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Acked);
}
