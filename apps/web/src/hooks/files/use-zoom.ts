import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { FITTING, movedBy, type Zoom, zoomedAt } from '../../model/files/zoom.ts';

export interface UsedZoom {
  zoom: Zoom;
  /** Enlarges around the middle. */
  by: (factor: number) => void;
  fit: () => void;
  handlers: {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: (event: PointerEvent) => void;
    onPointerCancel: (event: PointerEvent) => void;
  };
}

interface Point {
  x: number;
  y: number;
}

const DOUBLE_TAP_MS = 300;
const DOUBLE_TAP_SCALE = 2.5;
/** A finger moves a little in a tap. */
const TAP_PX = 10;
/** A swipe to the side of a picture that fits goes to the next one. */
const SWIPE_PX = 60;

/** Zooms by wheel, pinch and double tap, and pans, within a frame. `swiped`: -1 to the former picture, 1 to the next. */
export function useZoom(frame: RefObject<HTMLElement | null>, swiped: (to: -1 | 1) => void): UsedZoom {
  const [zoom, setZoom] = useState<Zoom>(FITTING);
  const fingers = useRef(new Map<number, Point>());
  const start = useRef<Point>({ x: 0, y: 0 });
  const lastTap = useRef(0);

  const size = () => frame.current?.getBoundingClientRect() ?? new DOMRect();
  const fromMiddle = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const { left, top, width, height } = size();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  };

  useEffect(() => {
    const { current } = frame;
    // React's own listener cannot keep the page from scrolling.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top, width, height } = size();
      const point = { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
      setZoom((known) => zoomedAt(known, Math.exp(-event.deltaY / 300), point, { width, height }));
    };
    current?.addEventListener('wheel', wheel, { passive: false });
    return () => current?.removeEventListener('wheel', wheel);
  });

  function tapped(point: Point, at: number): void {
    if (at - lastTap.current > DOUBLE_TAP_MS) {
      lastTap.current = at;
      return;
    }
    lastTap.current = 0;
    setZoom((known) => (known.scale > 1 ? FITTING : zoomedAt(known, DOUBLE_TAP_SCALE, point, size())));
  }

  function lifted(event: PointerEvent): void {
    const point = fingers.current.get(event.pointerId);
    fingers.current.delete(event.pointerId);
    if (point === undefined || fingers.current.size > 0) return;
    const [x, y] = [point.x - start.current.x, point.y - start.current.y];
    if (Math.hypot(x, y) < TAP_PX) tapped(point, event.timeStamp);
    else if (zoom.scale === 1 && Math.abs(x) > SWIPE_PX && Math.abs(x) > 2 * Math.abs(y)) swiped(x > 0 ? -1 : 1);
  }

  return {
    zoom,
    by: (factor) => setZoom((known) => zoomedAt(known, factor, { x: 0, y: 0 }, size())),
    fit: () => setZoom(FITTING),
    handlers: {
      onPointerDown(event) {
        event.currentTarget.setPointerCapture(event.pointerId);
        const point = fromMiddle(event);
        if (fingers.current.size === 0) start.current = point;
        fingers.current.set(event.pointerId, point);
      },
      onPointerMove(event) {
        const before = fingers.current.get(event.pointerId);
        if (before === undefined) return;
        const now = fromMiddle(event);
        const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
        fingers.current.set(event.pointerId, now);
        setZoom((known) => {
          if (other === undefined) return movedBy(known, now.x - before.x, now.y - before.y, size());
          const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
          return zoomedAt(known, distance(now, other) / Math.max(1, distance(before, other)), middle, size());
        });
      },
      onPointerUp: lifted,
      onPointerCancel: (event) => void fingers.current.delete(event.pointerId),
    },
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
