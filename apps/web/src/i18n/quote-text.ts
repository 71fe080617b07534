import type { ContentKind } from '@chasqui/domain';
import type { Quote } from '../model/quote.ts';
import type { Texts } from './en.ts';
import { kindText } from './kind-text.ts';

/** One line about a message that another one answers. */
export function quoteText(quote: Quote | undefined, texts: Texts): string {
  if (quote === undefined) return '…';
  if (quote === 'gone') return texts.message.goneQuote;
  if (quote.recalledAt !== undefined) return texts.message.recalledQuote;
  if (quote.text !== undefined && quote.text !== '') return quote.text;
  if (quote.name !== undefined) return kindText(texts.files, quote.name);
  const kinds: Partial<Record<ContentKind, string>> = {
    location: texts.location,
    contact: texts.contact,
    attachments: texts.message.files,
  };
  return kinds[quote.kind] ?? texts.attachment;
}
