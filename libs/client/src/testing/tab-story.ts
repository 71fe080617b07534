import { TabRun } from './tab-run.ts';

const CONVERSATION = 'amy~bob';
const MAX_TABS = 3;

export const STEPS = ['send', 'send', 'send', 'bob', 'bob', 'open', 'close', 'crash', 'freeze', 'read'] as const;
export type TabStep = { do: (typeof STEPS)[number]; who: number; wait: number };
/** What happens to tabs that send and get messages. */
export class TabStory extends TabRun {
  readonly sent: string[] = [];
  /** Written in a tab that ended before its leader had it for certain. */
  readonly mayBeLost = new Set<string>();
  readonly #asked = new Map<string, { tab: string; stored: boolean }>();

  async do(what: TabStep['do'], who: number): Promise<void> {
    const tab = this.tabs[who % Math.max(1, this.tabs.length)];
    if (what === 'bob') this.#sendAs('z', (content) => this.bob.send({ to: 'amy', content }).stored);
    else if (what === 'open' || tab === undefined) {
      if (this.tabs.length < MAX_TABS) await this.open();
    } else if (tab.page.isFrozen && what !== 'crash') tab.page.thaw(this.random);
    else if (what === 'send') this.#sendAs(tab.name, (content) => tab.client.send({ to: 'bob', content }).stored);
    else if (what === 'read') tab.client.markRead('bob');
    else if (what === 'freeze') tab.page.isFrozen = true;
    else {
      for (const [text, { tab: name, stored }] of this.#asked) {
        if (!stored && name === tab.name) this.mayBeLost.add(text);
      }
      if (what === 'crash') this.crash(tab);
      else await this.close(tab);
    }
  }

  #sendAs(name: string, send: (content: { text: string }) => Promise<unknown>): void {
    const text = `${name}${this.sent.length.toString().padStart(4, '0')}`;
    this.sent.push(text);
    const asked = { tab: name, stored: false };
    this.#asked.set(text, asked);
    send({ text }).then(
      () => {
        asked.stored = true;
      },
      () => undefined,
    );
  }

  /** What is not as it should be, once all is quiet. */
  problems(): string[] {
    const stored = (this.world.stored.get(CONVERSATION) ?? []).toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
    const texts = stored.map(({ content }) => content?.text ?? '');
    const problems = [...this.faults];
    if (new Set(texts).size !== texts.length) problems.push('stored twice');
    const lost = this.sent.filter((text) => !texts.includes(text) && !this.mayBeLost.has(text));
    if (lost.length > 0) problems.push(`lost: ${lost}`);
    for (const name of new Set(this.sent.map((text) => text[0] ?? ''))) {
      const own = texts.filter((text) => text.startsWith(name));
      if (`${own}` !== `${own.toSorted()}`) problems.push(`out of order: ${own}`);
    }
    for (const { client, name, shown } of this.tabs) {
      const { messages } = client.conversation('bob');
      const newest = stored.slice(-messages.length);
      const has = messages.map(({ content }) => content.text);
      if (`${has}` !== `${newest.map(({ content }) => content?.text)}`) problems.push(`${name} has ${has} of ${texts}`);
      if (messages.some(({ provisional, state }) => provisional || state === 'sending')) problems.push(`${name} waits`);
      const unseen = newest.filter((each) => !shown.has(`${each.from}/${each.clientMessageId}`));
      if (unseen.length > 0) problems.push(`${name} did not show ${unseen.length}`);
      if (client.state !== 'online') problems.push(`${name} is ${client.state}`);
    }
    const sessions = [...this.world.sessions].filter(({ user }) => user === 'amy');
    if (sessions.length !== 1) problems.push(`${sessions.length} sessions`);
    return problems;
  }
}
