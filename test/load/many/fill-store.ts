import { searchDocument } from '@chasqui/app-datasync/documents';
import { rebuildIndex } from '@chasqui/app-datasync/rebuild';
import { HybridClock, inboxOf, type MessageId, type MessageStep, type StoredMessage } from '@chasqui/domain';
import { type EmbeddedEngines, openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { directMessage } from '../direct-message.ts';
import { planned } from './stored-plan.ts';

export interface Filling {
  dataDir: string;
  users: number;
  /** Messages. */
  stored: number;
  say(text: string): void;
}

export interface Filled {
  /** How long it took. */
  seconds: number;
  /** The id of a message in front of which a tenth of all messages are. */
  early: MessageId;
}

const BATCH = 1_000;
const IN_FLIGHT = 16;
const TELL_MS = 10_000;
const NODE = 'bench';

/**
 * Writes messages into the engines of a stopped server by the calls that Business and DataSync make for messages to
 * users who are offline: sending so many takes longer.
 */
export async function fillStore({ dataDir, users, stored, say }: Filling): Promise<Filled> {
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  await using engines = await openEmbeddedEngines({ dataDir, ...parts });
  // A new index is to be rebuilt, which is nothing as long as there are no messages.
  await rebuildIndex({ ...engines, ...parts }, () => {});
  const ids = new HybridClock({ now: Date.now, tag: 1 });
  const plan = planned(users);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  let [made, written, early] = [0, 0, ''];
  const make = (number: number) => {
    const { from, to, text } = plan(number);
    const messageId = ids.next();
    if (number === Math.floor(stored / 10)) early = messageId;
    return { to, ...directMessage({ messageId, from, to, clientMessageId: `stored-${number}`, text }) };
  };
  const write = async (): Promise<void> => {
    while (made < stored) {
      const batch = Array.from({ length: Math.min(BATCH, stored - made) }, () => make(made++));
      await writeBatch(engines, batch);
      written += batch.length;
    }
  };
  const tell = setInterval(() => {
    say(
      `stored ${written.toLocaleString('en')} of ${stored.toLocaleString('en')}, ${Math.round(written / seconds())}/s`,
    );
  }, TELL_MS);
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, write));
  } finally {
    clearInterval(tell);
  }
  return { seconds: seconds(), early };
}

type Made = ReturnType<typeof directMessage> & { to: string };

async function writeBatch({ conversations, messages, logs, search }: EmbeddedEngines, batch: readonly Made[]) {
  const at = Date.now();
  const steps: MessageStep[] = [
    { state: 'queued', at, node: NODE },
    { state: 'storing', at, node: NODE },
  ];
  const [outcomes] = await Promise.all([
    conversations.record(batch.map(({ message }) => message)),
    messages.put(batch.map((one) => ({ ...one, steps }))),
  ]);
  const wrong = outcomes.find(({ result }) => result !== 'recorded');
  if (wrong !== undefined) throw new Error(`a message was not recorded, but ${wrong.result}`);
  const unread = batch.map(({ message: { conversationId, messageId }, to }) => ({
    ...{ conversationId, messageId, member: to, status: 'unread' as const, at, node: NODE },
  }));
  await messages.raise(unread);
  const receipts = batch.map(({ message: { from, conversationId, messageId }, to }) => ({
    log: inboxOf(from),
    update: { type: 'receipt' as const, conversationId, state: 'unread' as const, messageIds: [messageId], by: to, at },
  }));
  const documents = batch.map(({ message, to }) => {
    const kept: StoredMessage = { ...message, statuses: { [to]: 'unread' }, revision: 0, steps };
    return searchDocument(kept);
  });
  const [refused] = await Promise.all([search.index(documents), logs.append(receipts)]);
  const fault = refused.find((one) => one !== null);
  if (fault !== undefined) throw fault;
}
