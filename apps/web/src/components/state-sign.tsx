import type { MessageState } from '@chasqui/client';
import { texts } from '../i18n/index.ts';
import { Icon, type IconName } from './icon.tsx';

const SIGNS: Record<MessageState, IconName> = {
  sending: 'clock',
  queued: 'tick-open',
  stored: 'tick',
  unread: 'tick-away',
  delivered: 'ticks',
  read: 'ticks-read',
  failed: 'alert',
};

/** The icon for the state of an own message. */
export function StateSign({ state }: { state: MessageState }) {
  const label = texts.states[state];
  return (
    <span className="state" role="img" aria-label={label} title={label} data-state={state} data-testid="state">
      <Icon name={SIGNS[state]} />
    </span>
  );
}
