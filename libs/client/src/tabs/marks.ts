import { BoundedMap, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import { keyOf, type Named } from '../conversations/direct.ts';
import type { Call } from './calls.ts';
import type { Mirror } from './mirror.ts';

interface Mark {
  name: Named;
  upTo: MessageId;
}

/**
 * What this tab has marked read, until the server's confirmation is seen: a leader may end between. Keeps the newest per
 * conversation; beyond the bound the oldest is forgotten.
 */
export class Marks {
  readonly #mirror: Mirror;
  readonly #tell: (call: Call) => void;
  readonly #marks: BoundedMap<ConversationId | UserId, Mark>;

  constructor(mirror: Mirror, max: number, tell: (call: Call) => void) {
    this.#mirror = mirror;
    this.#tell = tell;
    this.#marks = new BoundedMap(max);
  }

  mark(name: Named, upTo: MessageId): void {
    const mark = { name, upTo };
    this.#marks.set(name.conversationId === '' ? name.peer : name.conversationId, mark);
    this.#tell(callOf(mark));
  }

  /** Another leader, or the same one after something was missed. */
  again(): void {
    for (const [id, mark] of [...this.#marks]) {
      if (this.#mirror.timeline.view(keyOf(mark.name)).readUpTo >= mark.upTo) this.#marks.delete(id);
      else this.#tell(callOf(mark));
    }
  }
}

function callOf({ name, upTo }: Mark): Call {
  return { name: 'markRead', args: [name, upTo] };
}
