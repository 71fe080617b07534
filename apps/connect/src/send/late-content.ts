import { type Clock, type ForwardRequest, ImError, type MessageContent } from '@chasqui/domain';
import { type Accepted, isForwardedAgain, type Undecided } from './accepted-message.ts';
import type { AttachedFiles } from './attached-files.ts';
import type { Decided } from './conversation-kind.ts';
import type { Forwarded, ForwardedContent } from './forwarded-content.ts';

export interface LateContentOptions {
  files: Pick<AttachedFiles, 'fillIn'>;
  forwards: Pick<ForwardedContent, 'read' | 'firstCopy'>;
  clock: Pick<Clock, 'now'>;
}

type Decide = () => Decided | Promise<Decided>;

/** Content that a store must be asked for before its message can be sent: of files, and of what is forwarded. */
export class LateContent {
  readonly #options: LateContentOptions;

  constructor(options: LateContentOptions) {
    this.#options = options;
  }

  /**
   * The decision with the reads that the message needs before it. The digests stay those of what the client sent: a
   * resend has the same, whatever the stores say by then (C4).
   */
  before(accepted: Undecided, forwardOf: ForwardRequest | undefined, decide: Decide): Decide {
    if (forwardOf !== undefined) return () => this.#withForwarded(accepted, forwardOf, decide);
    return accepted.message.content.attachments === undefined ? decide : () => this.#withFiles(accepted, decide);
  }

  /**
   * Call when the message's dedup hint is claimed. Resolves to the error that refuses it: what it forwards cannot be
   * had, and no earlier copy of it was accepted. Never rejects.
   */
  async missing(accepted: Accepted): Promise<ImError | undefined> {
    const { forward, message } = accepted;
    const { missing } = forward ?? {};
    if (missing === undefined || !isForwardedAgain(accepted)) return missing;
    const { forwards, clock } = this.#options;
    const first = await forwards.firstCopy(message, missing, clock.now());
    if (first instanceof ImError) return first;
    say(accepted, first);
    return undefined;
  }

  async #withFiles(accepted: Undecided, decide: Decide): Promise<Decided> {
    const { from, content } = accepted.message;
    const [decided, filled] = await Promise.all([decide(), this.#options.files.fillIn(from, content)]);
    if (decided instanceof ImError) return decided;
    if (filled instanceof ImError) return filled;
    setContent(accepted, filled);
    return decided;
  }

  async #withForwarded(accepted: Undecided, request: ForwardRequest, decide: Decide): Promise<Decided> {
    const [decided, forwarded] = await Promise.all([
      decide(),
      this.#options.forwards.read(accepted.message.from, request),
    ]);
    if (decided instanceof ImError) return decided;
    if (!(forwarded instanceof ImError)) say(accepted, forwarded);
    else if (forwarded.retry !== 'never' || accepted.forward === undefined) return forwarded;
    else accepted.forward.missing = forwarded;
    return decided;
  }
}

function say(accepted: Undecided, { content, origin }: Forwarded): void {
  if (origin !== undefined) accepted.message.forwarded = origin;
  setContent(accepted, content);
}

function setContent(accepted: Undecided, content: MessageContent): void {
  accepted.message.content = content;
  accepted.contentText = JSON.stringify(content);
}
