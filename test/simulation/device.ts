import {
  type ChatMessage,
  type ClientOf,
  type ConversationName,
  createClient,
  type GroupHead,
  memoryStore,
} from '@chasqui/client';
import { actions } from '@chasqui/client/actions';
import { groups as groupSupport } from '@chasqui/client/groups';
import { recalls } from '@chasqui/client/recalls';
import { defined, type Mentions } from '@chasqui/domain';
import {
  type DeviceEnd,
  type DeviceName,
  type Draft,
  deviceName,
  type ReactedTo,
  recordClient,
  recordTransport,
  submit,
  viewOf,
} from '../checker/index.ts';
import { BOT } from './bot.ts';
import { Mortal } from './mortal.ts';
import type { World } from './world.ts';

const MAX_ANSWERS = 12;
/** A group is opened at its beginning, however long it is: the judge wants every message. */
const GROUP_START = 100_000;

export interface DeviceOptions {
  world: World;
  user: string;
  deviceId: string;
  /** The nodes that it may connect to. */
  urls: readonly string[];
  /** The groups that it keeps open, whenever its user is a member. */
  groups: readonly string[];
}

/** A user's device: a persistent store, and a client that is started and stopped. */
export class Device {
  readonly user: string;
  readonly name: DeviceName;
  readonly #options: DeviceOptions;
  readonly #store = memoryStore();
  #process: Mortal;
  #client: ClientOf<'groups' | 'recalls' | 'actions'> | null = null;
  #run = 0;
  #isPlugged = true;
  #frozenAt = 0;
  /** How its user answers messages, and until when. */
  #answering: { until: number; left: number; write: () => string } | null = null;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.user = options.user;
    this.name = deviceName(options.user, options.deviceId);
    this.#process = new Mortal(this.name, options.world.clock);
  }

  get isReachable(): boolean {
    return this.#client !== null && this.#isPlugged && !this.#process.frozen;
  }

  get isOnline(): boolean {
    return this.#client?.state === 'online';
  }

  /** Its program; null: it is closed, or does not answer. */
  get running(): ClientOf<'groups' | 'recalls' | 'actions'> | null {
    return this.#process.frozen ? null : this.#client;
  }

  /** Starts its program, unless it runs. */
  start(): void {
    if (this.#client !== null) return;
    const { world, urls, groups } = this.#options;
    const { clock, history, dice, breakage, network } = world;
    const run = ++this.#run;
    const process = new Mortal(`${this.name}.${run}`, clock, world.skews.get(this.name) ?? 0);
    this.#process = process;
    const dial = breakage.transport ?? ((transport) => transport);
    const client = createClient({
      groups: groupSupport(),
      recalls: recalls(),
      actions: actions(),
      token: this.user,
      deviceId: this.#options.deviceId,
      urls,
      store: this.#store,
      clock: process.clock,
      random: dice.stream(process.name),
      limits: { groupStart: GROUP_START },
      transport: recordTransport(
        dial((url, ears) => network.dial(process, this.name, url, ears)),
        history,
        this.#owner(),
        { acks: false },
      ),
    });
    recordClient(client, history, { ...this.#owner(), run });
    client.on('message', ({ message }) => this.#shown(message));
    client.on('membership', ({ conversationId, role }) => {
      if (role !== undefined) client.openGroup(conversationId);
    });
    for (const group of groups) client.openGroup(group);
    this.#client = client;
    client.connect().catch(() => {});
  }

  /** Its program is killed: everything that it has not written down is lost. */
  kill(): void {
    if (this.#client === null) return;
    const ranUntil = this.#process.frozen ? { ranUntil: this.#frozenAt } : {};
    this.#options.world.history.add({ type: 'killed', device: this.name, run: this.#run, ...ranUntil });
    this.#process.kill();
    this.#client = null;
  }

  /** Its user closes the program. */
  close(): void {
    if (this.#process.frozen) {
      this.kill();
      return;
    }
    this.#client?.close();
    this.#client = null;
  }

  freeze(): void {
    if (!this.#process.frozen) this.#frozenAt = this.#options.world.clock.monotonic();
    this.#process.freeze();
  }

  thaw(): void {
    this.#process.thaw();
  }

  unplug(): void {
    this.#isPlugged = false;
    this.#options.world.network.unplug(this.name);
  }

  /** The network is back, and the device notices. */
  plug(): void {
    if (this.#isPlugged) return;
    this.#isPlugged = true;
    this.#options.world.network.plug(this.name);
    const client = this.#client;
    this.#process.enter(() => client?.wake());
  }

  /** False: its program is not running. */
  send(to: string, text: string): boolean {
    return this.#write({ to, text });
  }

  /** Forwards any message that is stored, whether it shows it or not. */
  forward(draft: Draft): boolean {
    return this.#write(draft);
  }

  post(group: string, text: string, mentions?: Mentions): boolean {
    return this.#write({ to: group, isGroup: true, text, ...defined({ mentions }) });
  }

  #write(draft: Draft): boolean {
    if (this.#client === null || this.#process.frozen) return false;
    submit(this.#client, this.#options.world.history, { ...this.#owner(), run: this.#run }, draft);
    return true;
  }

  /** From now on its user answers each message at once; the answers to answers end eventually. */
  answer(forMs: number, write: () => string, most = MAX_ANSWERS): void {
    this.#answering = { until: this.#options.world.clock.monotonic() + forMs, left: most, write };
  }

  #shown({ mine, peer, conversationId }: ChatMessage): void {
    const answering = this.#answering;
    const isLate = answering !== null && this.#options.world.clock.monotonic() > answering.until;
    if (mine || answering === null || isLate || answering.left === 0 || peer === BOT) return;
    answering.left--;
    if (peer === '') this.post(conversationId, answering.write());
    else this.send(peer, answering.write());
  }

  read(conversation: ConversationName): boolean {
    this.running?.markRead(conversation);
    return this.running !== null;
  }

  /** Recalls its last message in a conversation; `ofAnybody`: the last one of any sender. */
  recall(conversation: ConversationName, ofAnybody = false): boolean {
    const client = this.running;
    if (client === null) return false;
    const last = client.conversation(conversation).messages.findLast(({ mine, messageId, recalledAt }) => {
      return (mine || ofAnybody) && messageId !== '' && recalledAt === undefined;
    });
    if (last === undefined || last.messageId === '') return false;
    client.recall(conversation, last.messageId).catch(() => {});
    return true;
  }

  /** Reacts to the last message but `back` that it shows in a conversation, or takes that back. */
  react(conversation: ConversationName, { back, emoji, on }: { back: number; emoji: string; on: boolean }): boolean {
    const client = this.running;
    if (client === null) return false;
    const { messages } = client.conversation(conversation);
    const { messageId = '', recalledAt } = messages.at(-1 - back) ?? {};
    if (messageId === '' || recalledAt !== undefined) return false;
    client.react(conversation, messageId, emoji, on).catch(() => {});
    return true;
  }

  /** The messages that it shows and that are stored. */
  shownMessages(): ChatMessage[] {
    const views = [...(this.#client?.conversations() ?? []), ...(this.#client?.groups() ?? [])];
    return views.flatMap(({ messages }) =>
      messages.filter(({ messageId, conversationId, provisional, state }) => {
        return messageId !== '' && conversationId !== '' && !provisional && state !== 'failed';
      }),
    );
  }

  /** The messages that it shows and that were not recalled, with their reactions. */
  reactedTo(): ReactedTo[] {
    return this.shownMessages().flatMap(({ messageId, conversationId, recalledAt, reactions }) =>
      messageId !== '' && conversationId !== '' && recalledAt === undefined
        ? [{ messageId, conversationId, reactions }]
        : [],
    );
  }

  /** Whether it is at the head of its inbox, has nothing left to send, and shows nothing that may be taken back. */
  isSettled(head: number): boolean {
    const client = this.#client;
    if (client?.state !== 'online' || this.#position() !== head) return false;
    if (this.#store.keys().some((key) => /^(out|react|edit)\//.test(key))) return false;
    return !client.groups().some(({ messages }) => messages.some(({ provisional }) => provisional));
  }

  /** Its position in a group's log. */
  positionIn(group: string): number {
    const kept = this.#store.get(`log/${group}`);
    return kept === null ? 0 : (JSON.parse(kept) as { position: number }).position;
  }

  end(): DeviceEnd {
    const client = this.#client;
    const views =
      client?.conversations().map((view) => ({ conversationId: view.conversationId, items: viewOf(client, view) })) ??
      [];
    return { device: this.name, user: this.user, position: this.#position(), views };
  }

  /** What its list of conversations shows of a group. */
  headOf(group: string): GroupHead | undefined {
    return this.#client?.group(group).head;
  }

  #position(): number {
    const head = this.#store.get('head');
    return head === null ? 0 : (JSON.parse(head) as { position: number }).position;
  }

  #owner(): { user: string; device: DeviceName } {
    return { user: this.user, device: this.name };
  }
}
