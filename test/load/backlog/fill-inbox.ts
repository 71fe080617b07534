import { HybridClock } from '@chasqui/domain';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { directMessage } from '../direct-message.ts';

export interface Backlog {
  dataDir: string;
  receiver: string;
  messages: number;
  /** The senders, in turn. */
  senders: number;
  /** Characters of each text, which begins with the message's number. */
  characters: number;
}

const BATCH = 500;
const IN_FLIGHT = 4;

/** Writes undelivered messages into the stores of a stopped server, as Business would: sending so many takes longer. */
export async function fillInbox({ dataDir, receiver, messages, senders, characters }: Backlog): Promise<void> {
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  await using engines = await openEmbeddedEngines({ dataDir, ...parts });
  const ids = new HybridClock({ now: Date.now, tag: 1 });
  const filler = 'x'.repeat(characters);
  const message = (n: number) =>
    directMessage({
      messageId: ids.next(),
      from: `sender-${n % senders}`,
      to: receiver,
      clientMessageId: `backlog-${n}`,
      text: `${n} ${filler}`.slice(0, characters),
    });
  let made = 0;
  const write = async (): Promise<void> => {
    while (made < messages) {
      const batch = Array.from({ length: Math.min(BATCH, messages - made) }, () => message(made++));
      const steps = (at: number) => [{ state: 'stored' as const, at, node: 'business-1' }];
      await Promise.all([
        engines.conversations.record(batch.map((one) => one.message)),
        engines.messages.put(batch.map((one) => ({ ...one, steps: steps(one.message.sentAt) }))),
      ]);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, write));
}
