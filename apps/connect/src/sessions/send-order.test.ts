import { describe, expect, it } from 'vitest';
import { SendOrder } from './send-order.ts';

describe('the order in which one session sends', () => {
  it('C5: refuses a message whose predecessor was not accepted, until that one is sent again', () => {
    const order = new SendOrder();
    order.accept('c', 'm1');
    order.check('c', 'm1');
    order.accept('c', 'm2');
    order.fail('c');
    expect(() => order.check('c', 'm2')).toThrow(expect.objectContaining({ code: 'predecessor_missing' }));
    order.check('c', undefined);
    order.accept('c', 'm2');
    order.check('c', 'm2');
  });

  it('C5: refuses a message that follows another one than the last that was accepted, an older one too', () => {
    const order = new SendOrder();
    order.accept('c', 'm1');
    order.accept('c', 'm2');
    for (const follows of ['m1', 'm3', '']) {
      expect(() => order.check('c', follows)).toThrow(expect.objectContaining({ code: 'predecessor_missing' }));
    }
    order.check('c', 'm2');
  });

  it('C5: shows what was accepted before a failure to be of an older generation', () => {
    const order = new SendOrder();
    order.accept('c', 'm1');
    const before = order.accept('c', 'm2');
    order.fail('c');
    const after = order.accept('c', 'm1');
    expect(order.generation('c')).toBe(after);
    expect(before).not.toBe(after);
  });

  it('keeps conversations apart', () => {
    const order = new SendOrder();
    order.accept('a', 'm1');
    order.accept('b', 'm9');
    order.fail('b');
    order.check('a', 'm1');
  });

  it('C16: forgets the oldest of many conversations', () => {
    const order = new SendOrder();
    for (let n = 0; n < 300; n++) order.accept(`c${n}`, 'm');
    expect(() => order.check('c0', 'm')).toThrow();
    order.check('c299', 'm');
  });
});
