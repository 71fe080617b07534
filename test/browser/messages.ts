import type { Locator } from 'playwright-core';
import type { Person } from './person.ts';

/** The last message with this text. */
export function messageWith(person: Person, text: string): Locator {
  const words = person.page.getByTestId('message-text').filter({ hasText: text });
  return person.page.getByTestId('message').filter({ has: words }).last();
}

/** Chooses an item of the menu of the last message with this text. */
export async function chooseFor(person: Person, text: string, item: string): Promise<void> {
  await messageWith(person, text).hover();
  await messageWith(person, text).getByTestId('message-menu').click();
  await person.page.getByTestId(item).click();
}
