import type { ChatMessage } from '@chasqui/client';
import type { MessageId } from '@chasqui/domain';
import type { Page } from '../model/history.ts';

/** Requests for one page, at most: each halves or widens the part of the history that is looked at. */
const MAX_TRIES = 40;
/** As many of the loaded messages tell how close together messages are. */
const SAMPLE = 80;
/** An id is its Unix ms and 48 bits more. */
const MS = 1n << 48n;

/**
 * The messages right behind those that are loaded. The API has pages before an id alone: so the end of the page is guessed,
 * further or nearer until the page touches what is loaded. `isNewest`: there are none behind them.
 */
export async function pageBehind(
  loaded: readonly ChatMessage[],
  read: (before: MessageId | undefined) => Promise<Page>,
): Promise<{ messages: readonly ChatMessage[]; isNewest: boolean }> {
  const last = loaded.at(-1)?.sortKey ?? '';
  const start = toNumber(last);
  // Up to `empty` ids behind the last there is no message; `further` is a page that begins `full` ids behind it.
  let empty = 0n;
  let full: bigint | undefined;
  let further: readonly ChatMessage[] = [];
  let step = start - toNumber(loaded.at(-SAMPLE)?.sortKey ?? loaded[0]?.sortKey ?? last);
  if (step < 60_000n * MS) step = 60_000n * MS;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const isOpen = full === undefined && start + step > BigInt(Date.now()) * MS;
    const page = await read(isOpen ? undefined : toId(start + step));
    const messages = page.messages.filter(({ sortKey }) => sortKey > last);
    const touches = messages.length < page.messages.length || page.nextBefore === undefined;
    if (touches && (messages.length > 0 || isOpen)) return { messages, isNewest: isOpen };
    if (touches && step === full) return { messages: further, isNewest: false };
    if (touches) {
      empty = step;
      step = full ?? step * 8n;
    } else {
      further = messages;
      full = toNumber(messages[0]?.sortKey ?? toId(start + step)) - start;
      step = (empty + full + 1n) / 2n;
    }
  }
  throw new Error('the messages behind those that are shown were not found');
}

function toNumber(id: string): bigint {
  return BigInt(`0x${id}`);
}

function toId(number: bigint): MessageId {
  return number.toString(16).padStart(24, '0');
}
