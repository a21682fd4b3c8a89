import { describe, expect, it } from 'vitest';
import { openEvents, type Connection, type EventSourceLike } from './sse';

class FakeSource implements EventSourceLike {
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  listeners = new Map<string, (event: MessageEvent<string>) => void>();
  closed = false;
  constructor(readonly url: string) {}
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(type, listener);
  }
  close() {
    this.closed = true;
    this.readyState = 2;
  }
  open() {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }
  fail(closed: boolean) {
    this.readyState = closed ? 2 : 0;
    this.onerror?.(new Event('error'));
  }
  send(type: string, data: string) {
    this.listeners.get(type)?.(new MessageEvent(type, { data }));
  }
}

function setUp(signedIn: () => Promise<boolean> = () => Promise.resolve(true)) {
  const sources: FakeSource[] = [];
  const events: unknown[] = [];
  const connections: Connection[] = [];
  const timers: { task: () => void; milliseconds: number; cancelled: boolean }[] = [];
  let opened = 0;
  const stop = openEvents({
    url: '/api/v1/events',
    types: ['job', 'study'],
    create: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
    signedIn,
    onEvent: (type, data) => events.push([type, data]),
    onConnection: (connection) => connections.push(connection),
    onOpen: () => (opened += 1),
    schedule: (task, milliseconds) => {
      const entry = { task, milliseconds, cancelled: false };
      timers.push(entry);
      return () => (entry.cancelled = true);
    },
  });
  const source = (index: number) => sources[index] as FakeSource;
  const settle = () => new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(null))));
  return { source, sources, events, connections, timers, stop, settle, opened: () => opened };
}

describe('openEvents', () => {
  it('delivers parsed events and drops frames that are not JSON', () => {
    const t = setUp();
    t.source(0).open();
    t.source(0).send('job', '{"key":"a"}');
    t.source(0).send('job', '{broken');
    expect(t.events).toEqual([['job', { key: 'a' }]]);
    expect(t.connections).toEqual(['connecting', 'live']);
    expect(t.opened()).toBe(1);
  });

  it('lets EventSource resume by itself and tells each time that it opened', () => {
    const t = setUp();
    t.source(0).open();
    t.source(0).fail(false);
    expect(t.sources).toHaveLength(1);
    t.source(0).open();
    expect(t.connections).toEqual(['connecting', 'live', 'reconnecting', 'live']);
    expect(t.opened()).toBe(2);
  });

  it('opens a new stream with growing pauses when the browser gives up', async () => {
    const t = setUp();
    t.source(0).fail(true);
    await t.settle();
    t.timers[0]?.task();
    t.source(1).fail(true);
    await t.settle();
    expect(t.timers.map((entry) => entry.milliseconds)).toEqual([500, 1000]);
    t.timers[1]?.task();
    t.source(2).open();
    expect(t.opened()).toBe(1);
    expect(t.source(0).closed).toBe(true);
  });

  it('retries when the coordinator cannot be asked whether we are signed in', async () => {
    const t = setUp(() => Promise.reject(new Error('offline')));
    t.source(0).fail(true);
    await t.settle();
    expect(t.timers).toHaveLength(1);
    expect(t.connections).not.toContain('signed_out');
  });

  it('stops at signed out', async () => {
    const t = setUp(() => Promise.resolve(false));
    t.source(0).fail(true);
    await t.settle();
    expect(t.connections.at(-1)).toBe('signed_out');
    expect(t.timers).toHaveLength(0);
  });

  it('closes for good', async () => {
    const t = setUp();
    t.source(0).open();
    t.source(0).fail(true);
    t.stop();
    await t.settle();
    expect(t.source(0).closed).toBe(true);
    expect(t.timers).toHaveLength(0);
  });
});
