import { type KeyboardEvent, type MouseEvent, type RefObject, useImperativeHandle, useRef } from 'react';
import type { MenuPoint } from './use-menu-place.ts';

/** Opens a menu otherwise than by its button: at a point, or where it opens by the button. */
export interface MenuActions {
  open(at?: MenuPoint): void;
}

/** Gives the component around a menu what opens it. */
export function useMenuActions(handle: RefObject<MenuActions | null> | undefined, open: MenuActions['open']): void {
  useImperativeHandle(handle, () => ({ open }));
}

export interface ContextMenu {
  menu: RefObject<MenuActions | null>;
  /** The handlers of the element whose menu it is. */
  asks: {
    onMouseDown: (event: MouseEvent<HTMLElement>) => void;
    onContextMenu: (event: MouseEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

/** A menu of an element that opens by a right click on it and, with the focus in it, by Shift+F10 or the menu key. */
export function useContextMenu(): ContextMenu {
  const menu = useRef<MenuActions>(null);

  function open(event: MouseEvent | KeyboardEvent, at?: MenuPoint): void {
    const { target } = event;
    if (menu.current === null || !(target instanceof Element) || hasOwnMenu(target)) return;
    event.preventDefault();
    if (target.closest('[role=menu]') === null) menu.current.open(at);
  }

  return {
    menu,
    asks: {
      onMouseDown: (event) => {
        // What has the focus keeps it, and gets it back from the menu.
        if (event.button === 2 && !hasOwnMenu(event.target as Element)) event.preventDefault();
      },
      onContextMenu: (event) => {
        // Whoever holds Shift wants the browser's menu, in some browsers at least.
        if (!event.shiftKey) open(event, { x: event.clientX, y: event.clientY });
      },
      onKeyDown: (event) => {
        // Where the browser has such keys, it asks for its menu only afterwards.
        if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) open(event);
      },
    },
  };
}

/** Whether the browser's menu is the better one: of links, fields and selected words. */
export function hasOwnMenu(target: Element): boolean {
  if (target.closest('a[href], input, textarea, dialog') !== null) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(target, true);
}
