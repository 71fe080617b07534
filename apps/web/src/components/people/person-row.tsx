import type { UserId } from '@chasqui/domain';
import type { ReactNode } from 'react';
import { Avatar } from '../avatar.tsx';

export interface PersonRowProps {
  userId: UserId;
  name?: string;
  /** Buttons. */
  children: ReactNode;
}

/** A user in a list, with the actions on them. */
export function PersonRow({ userId, name = userId, children }: PersonRowProps) {
  return (
    <li className="person" data-testid="person" data-user={userId}>
      <Avatar id={userId} name={name} />
      <span className="person-name">
        <span>{name}</span>
        {name === userId ? null : <span className="quiet small">{userId}</span>}
      </span>
      <span className="person-actions">{children}</span>
    </li>
  );
}
