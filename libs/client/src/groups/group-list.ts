import { defined } from '@chasqui/domain';
import type { ClientFrameOf, ServerFrameOf } from '@chasqui/protocol';
import { Alarm } from '../basics/alarm.ts';
import { fullJitter } from '../connection/backoff.ts';
import { serverError } from '../connection/server-error.ts';
import type { Core } from '../core.ts';
import type { StoredGroups } from './stored-groups.ts';

const REF = '#groups/';

/**
 * Requests the user's groups with news, page by page: after each login (which requests the first page), when counts are
 * not certain, and when there has been no news for a while.
 */
export class GroupList {
  readonly #core: Core;
  readonly #stored: StoredGroups;
  readonly #ended: () => void;
  readonly #alarm: Alarm;
  #isOnline = false;
  #isRefused = false;
  /** The ref of the requested page; undefined: none is in flight. */
  #asked: string | undefined;
  #count = 0;
  #failures = 0;
  /** All news up to here have come. */
  #cursor: number;
  /** Where the pages in flight began, and the greatest cursor that they had. */
  #since = 0;
  #reached = 0;
  /** From where on groups are wanted beside those in flight; Infinity: none are. */
  #wanted = Number.POSITIVE_INFINITY;

  constructor(core: Core, stored: StoredGroups, ended: () => void) {
    this.#core = core;
    this.#stored = stored;
    this.#ended = ended;
    this.#cursor = stored.cursor();
    this.#alarm = new Alarm(core.clock, () => this.#due());
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** For the login, which requests the first page under this ref. Empty: the server refused such a login just now. */
  login(ref: string): Pick<ClientFrameOf<'login'>, 'groupsSince'> {
    const isRefused = this.#isRefused;
    this.#isRefused = false;
    this.#asked = isRefused ? undefined : ref;
    this.#begin(this.#cursor);
    return isRefused ? {} : { groupsSince: this.#cursor };
  }

  /** Returns true if a server of an earlier release refused the login because of groups: the next one is without. */
  refused({ code, field }: ServerFrameOf<'error'>): boolean {
    this.#isRefused ||= code === 'invalid_frame' && field === 'groupsSince';
    return this.#isRefused;
  }

  online(): void {
    if (this.#asked === undefined) return;
    this.#isOnline = true;
    this.#failures = 0;
    this.#alarm.set(this.#core.limits.syncTimeoutMs);
  }

  offline(): void {
    this.#isOnline = false;
    this.#asked = undefined;
    this.#alarm.clear();
  }

  /** Another user logged in. */
  forget(): void {
    this.#cursor = 0;
    this.#asked = undefined;
  }

  /** Requests the groups that changed since a time, together with others that are wanted soon; default: all news. */
  want(since: number = this.#cursor): void {
    this.#wanted = Math.min(this.#wanted, since);
    if (this.#isOnline && this.#asked === undefined) this.#alarm.set(this.#core.limits.groupsDelayMs);
  }

  page({ cursor, before, ref }: ServerFrameOf<'groups'>): void {
    if (ref === undefined || ref !== this.#asked) return;
    this.#asked = undefined;
    this.#alarm.clear();
    this.#failures = 0;
    this.#reached = Math.max(this.#reached, cursor);
    if (before === undefined) this.#end();
    else this.#ask(before);
  }

  /** Returns true if the error answers a request. */
  error(frame: ServerFrameOf<'error'>): boolean {
    const { ref, retry, retryAfterMs = 0 } = frame;
    if (ref === undefined || !ref.startsWith(REF)) return false;
    if (ref !== this.#asked) return true;
    if (retry === 'never') this.#core.emitter.emit('error', serverError(frame));
    this.#failed(retryAfterMs);
    return true;
  }

  #begin(since: number): void {
    this.#since = since;
    this.#reached = this.#cursor;
  }

  /** The answer is late, or groups are wanted, or there has been no news for a while. */
  #due(): void {
    if (this.#asked !== undefined) {
      this.#failed(0);
      return;
    }
    const since = Math.min(this.#wanted, this.#cursor);
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#begin(since);
    this.#ask();
  }

  #ask(before?: ClientFrameOf<'groups'>['before']): void {
    const ref = `${REF}${++this.#count}`;
    this.#asked = ref;
    this.#alarm.set(this.#core.limits.syncTimeoutMs);
    this.#core.transmit({ type: 'groups', since: this.#since, ref, ...defined({ before }) });
  }

  #failed(leastMs: number): void {
    const { limits, random } = this.#core;
    this.#asked = undefined;
    this.#wanted = Math.min(this.#wanted, this.#since);
    this.#alarm.clear();
    this.#alarm.set(leastMs + fullJitter(++this.#failures, limits.backoffMinMs, limits.backoffMaxMs, random));
  }

  #end(): void {
    const { limits, random } = this.#core;
    this.#cursor = this.#reached;
    this.#stored.noteCursor(this.#cursor);
    this.#ended();
    if (this.#wanted !== Number.POSITIVE_INFINITY) this.want(this.#wanted);
    if (limits.idleSyncMs > 0) this.#alarm.set(limits.idleSyncMs * (0.5 + random() / 2));
  }
}
