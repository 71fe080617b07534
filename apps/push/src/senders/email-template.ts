import type { PushNotification } from '../push-sender.ts';
import { languageOf, textsIn } from '../texts.ts';

export interface Email {
  subject: string;
  text: string;
  html: string;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An e-mail about a conversation, in plain text and in HTML. `link`: the app's URL, if there is one. */
export function emailOf(notification: PushNotification, link: string | undefined): Email {
  if (notification.code !== undefined) return codeMail(notification.code, notification.language);
  const { title, body, language, conversationId } = notification;
  const texts = textsIn(languageOf(language));
  const target = link === undefined ? undefined : `${link}?conversation=${encodeURIComponent(conversationId)}`;
  const open = target === undefined ? '' : `<p><a href="${escaped(target)}">${escaped(texts.open)}</a></p>`;
  return {
    subject: texts.subject(title),
    text: [`${title}: ${body}`, ...(target === undefined ? [] : [`${texts.open}: ${target}`]), texts.why].join('\n\n'),
    html: `<!doctype html><html lang="${language}"><body><p><strong>${escaped(title)}</strong>: ${escaped(body)}</p>${open}<p><small>${escaped(texts.why)}</small></p></body></html>`,
  };
}

/** Contains no text from a user, as the user who asked for it may not own the mailbox. */
function codeMail(code: string, language: string): Email {
  const { codeSubject, codeIs, codeWhy } = textsIn(languageOf(language));
  return {
    subject: codeSubject,
    text: [codeIs(code), codeWhy].join('\n\n'),
    html: `<!doctype html><html lang="${language}"><body><p>${escaped(codeIs(code))}</p><p><small>${escaped(codeWhy)}</small></p></body></html>`,
  };
}
