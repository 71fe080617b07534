import type { MessageState } from '@chasqui/client';
import { texts } from '../i18n/index.ts';
import { STATE_SIGNS } from '../model/message-state.ts';
import { Icon } from './icon.tsx';

/** The icon for the state of an own message. */
export function StateSign({ state }: { state: MessageState }) {
  const label = texts.states[state];
  return (
    <span className="state" role="img" aria-label={label} title={label} data-state={state} data-testid="state">
      <Icon name={STATE_SIGNS[state]} />
    </span>
  );
}
