import { ImError, type Timer } from '@chasqui/domain';
import type { ClientFrameOf, ServerFrameOf } from '@chasqui/protocol';
import { serverError } from '../connection/server-error.ts';
import type { Core } from '../core.ts';

const REF = '#action/';
/** After a refusal that may pass, ms. */
const RETRY_MS = 1_000;
/** After this, ms, what was not answered is sent again: the answer may be lost, and a sync does not tell of it. */
const ANSWER_MS = 15_000;

/** An own action as it is sent. */
export type OwnAction = Omit<ClientFrameOf<'action'>, 'type' | 'ref'> & { actionId: string };

/**
 * Sends own actions again and again until they end: their `actionId` makes that harmless. Each has one timer at most, and
 * none after the client has closed.
 */
export class ActionSender {
  readonly #core: Pick<Core, 'clock' | 'transmit'>;
  readonly #sent = new Map<string, { action: OwnAction; timer: Timer }>();

  constructor(core: Pick<Core, 'clock' | 'transmit'>) {
    this.#core = core;
  }

  /** Offline, it waits until it is sent again after the next login. */
  send(action: OwnAction): void {
    if (this.#core.transmit({ type: 'action', ...action, ref: refOf(action) })) this.#again(action, ANSWER_MS);
  }

  /** It was answered, or another one has taken its place. */
  ended(actionId: string): void {
    this.#sent.get(actionId)?.timer.cancel();
    this.#sent.delete(actionId);
  }

  /**
   * Returns true if the error answers an action. `refused` is told of a refusal for good, and returns false to send the
   * action again nevertheless, as after one that may pass.
   */
  error(frame: ServerFrameOf<'error'>, refused: (action: OwnAction, error: ImError) => boolean): boolean {
    const { ref } = frame;
    if (!ref?.startsWith(REF)) return false;
    const action = this.#sent.get(ref.slice(ref.lastIndexOf('/') + 1))?.action;
    // The message may have got another id since.
    if (action === undefined || refOf(action) !== ref) return true;
    const error = serverError(frame);
    if (error.retry !== 'never' || !refused(action, error)) this.#again(action, frame.retryAfterMs ?? RETRY_MS);
    return true;
  }

  close(): void {
    for (const actionId of [...this.#sent.keys()]) this.ended(actionId);
  }

  #again(action: OwnAction, ms: number): void {
    this.ended(action.actionId);
    this.#sent.set(action.actionId, { action, timer: this.#core.clock.after(ms, () => this.send(action)) });
  }
}

function refOf({ messageId, actionId }: OwnAction): string {
  return `${REF}${messageId}/${actionId}`;
}

/** As for unsent messages: nothing of another user is sent. */
export function anotherUserError(): ImError {
  return new ImError('forged_sender', 'another user has logged in');
}

/** Why promises of actions reject when the client is closed: the store keeps the actions. */
export function closedError(): ImError {
  return new ImError('connection_closed', 'the client was closed: the action is sent after the next login');
}
