import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const PASSWORD = 'correct horse battery';

export interface PersonOptions extends BrowserContextOptions {
  /** The page's `?node=`. */
  node?: number;
}

/** What a page shows of one message. */
export interface ShownMessage {
  text: string;
  mine: boolean;
  state: string;
}

/** A person with a separate browser. */
export class Person {
  readonly userId: string;
  /** Errors of the page and violations of its content security policy: none are expected. */
  readonly faults: string[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;
  page: Page;

  constructor(userId: string, context: BrowserContext, page: Page, url: string) {
    this.userId = userId;
    this.#context = context;
    this.#url = url;
    this.page = page;
    this.#watch(page);
  }

  /** Signs up in the page and waits for its connection. */
  async signUp(): Promise<void> {
    await this.page.goto(this.#url);
    await this.enter('register');
  }

  /** Signs in or up in the form of the page, and waits for its connection. */
  async enter(button: 'sign-in' | 'register'): Promise<void> {
    await this.page.getByTestId('user-id').fill(this.userId);
    await this.page.getByTestId('password').fill(PASSWORD);
    await this.page.getByTestId(button).click();
    await this.isConnected();
  }

  async isConnected(): Promise<void> {
    await this.page.locator('[data-testid=connection][data-state=online]').waitFor();
  }

  /** Closes the page; the browser keeps the page's storage. */
  async leave(): Promise<void> {
    await this.page.close();
  }

  /** Opens the page again, at its start. */
  async comeBack(): Promise<void> {
    this.page = await this.#context.newPage();
    this.#watch(this.page);
    await this.page.goto(this.#url);
    await this.isConnected();
  }

  async startConversation(peer: string): Promise<void> {
    await this.page.getByTestId('new-conversation').click();
    await this.page.getByTestId('new-conversation-peer').fill(peer);
    await this.page.getByTestId('new-conversation-start').click();
    await this.page.locator(`[data-testid=chat][data-peer="${peer}"]`).waitFor();
  }

  async openConversation(peer: string): Promise<void> {
    await this.page.locator(`[data-testid=conversation][data-peer="${peer}"]`).click();
    await this.page.locator(`[data-testid=chat][data-peer="${peer}"]`).waitFor();
  }

  /** Opens a group from the list. */
  async openGroup(id: string): Promise<void> {
    await this.page.locator(`[data-testid=conversation][data-conversation="${id}"]`).click();
    await this.page.locator(`[data-testid=chat][data-conversation="${id}"]`).waitFor();
  }

  async write(text: string): Promise<void> {
    await this.page.getByTestId('composer').fill(text);
    await this.page.getByTestId('composer').press('Enter');
  }

  /** The messages on the page, in display order. */
  shown(): Promise<ShownMessage[]> {
    return this.page.getByTestId('message').evaluateAll((items) =>
      items.map((item) => ({
        text: item.querySelector('[data-testid=message-text]')?.textContent ?? '',
        mine: item.getAttribute('data-mine') === 'true',
        state: item.getAttribute('data-state') ?? '',
      })),
    );
  }

  async texts(): Promise<string[]> {
    return (await this.shown()).map(({ text }) => text);
  }

  /** The states of own messages, in display order. */
  async states(): Promise<string[]> {
    return (await this.shown()).filter(({ mine }) => mine).map(({ state }) => state);
  }

  /** The number on a conversation's badge; 0 if there is no badge. */
  async unread(peer: string): Promise<number> {
    const row = this.page.locator(`[data-testid=conversation][data-peer="${peer}"]`);
    const badge = row.getByTestId('unread-badge').locator('[aria-hidden]');
    return (await badge.count()) === 0 ? 0 : Number(await badge.textContent());
  }

  /** Whether any element overflows the page's width. */
  scrollsSideways(): Promise<boolean> {
    return this.page.evaluate(() => {
      const wide = (element: Element) => element.scrollWidth > element.clientWidth + 1;
      const all = [document.documentElement, ...document.querySelectorAll('[data-scroller]')];
      return all.some((element) => element.clientWidth > 0 && wide(element));
    });
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.faults.push(String(error.stack)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.faults.push(message.text());
    });
  }
}

/** A person with an account, signed in at a node. */
export async function newPerson(
  browser: Browser,
  origin: string,
  userId: string,
  { node, ...options }: PersonOptions = {},
): Promise<Person> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1100, height: 760 }, ...options });
  const url = node === undefined ? origin : `${origin}/?node=${node}`;
  const person = new Person(userId, context, await context.newPage(), url);
  await person.signUp();
  return person;
}
